"""Messages to roles and territories: `/messages/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
