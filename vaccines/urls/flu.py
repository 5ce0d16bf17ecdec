"""« Demande vaccins grippe »: needs of a season, what was delivered; campaigns."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
