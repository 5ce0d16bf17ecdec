"""Delivery addresses, proposed and validated."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
