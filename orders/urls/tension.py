"""The start page, tensions, what feeds the decision."""

from django.urls import path

from orders.views import start

urlpatterns = [
    path("", start.start, name="start"),
]
