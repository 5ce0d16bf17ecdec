"""Delivery addresses, proposed and validated."""

from django.urls import path

from orders.views import addresses

urlpatterns = [
    path("adresses/", addresses.addresses, name="addresses"),
    path("adresses/proposer/", addresses.address_new, name="address_new"),
    path("adresses/<int:pk>/", addresses.address, name="address"),
]
