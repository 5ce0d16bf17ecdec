"""The forum Agora: `/aide/agora/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
