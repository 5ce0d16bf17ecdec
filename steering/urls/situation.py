"""The situation of a region or of the country, its weekly bulletin: `/situation/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
