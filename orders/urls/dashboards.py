"""Dashboards of orders for the regions and the country."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
