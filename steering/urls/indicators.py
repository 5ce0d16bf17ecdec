"""The registry of indicators: `/indicateurs/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
