"""Requests to decide."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
