"""What the agencies and OMEDITs follow and correct."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
