"""« Approvisionnement vaccin COVID »: what a pharmacy orders, receives, reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
