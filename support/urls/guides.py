"""Guides by role: `/aide/guides/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
