"""Orders followed to their reception; claims."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
