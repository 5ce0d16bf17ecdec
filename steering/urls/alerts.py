"""Alert rules and alerts: `/alertes/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
