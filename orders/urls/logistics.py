"""Warehouses: order files, reports, routing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
