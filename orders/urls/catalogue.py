"""The catalogue, the basket, an order sent, changed, cancelled."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
