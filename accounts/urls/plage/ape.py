"""« Gestion des APE » of the ARS."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
