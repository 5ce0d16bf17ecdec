"""What anybody may read: `/donnees/` and `/stats/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
