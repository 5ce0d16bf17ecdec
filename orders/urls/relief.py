"""« Demandes de dépannage » to the ARS."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
