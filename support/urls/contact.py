"""Requests for assistance: `/aide/contact/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
