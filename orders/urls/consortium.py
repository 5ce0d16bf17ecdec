"""Products of the consortium, their prices, invoices."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
