"""Doctrines, capacities, share-outs, and each one's calculation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
