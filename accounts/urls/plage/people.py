"""Accounts of the perimeter, and one person’s page."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
