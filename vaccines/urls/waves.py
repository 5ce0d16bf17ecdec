"""Waves, delivery plan, vials: SPF and the pivot hospitals."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
