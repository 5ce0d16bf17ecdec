"""Questions and answers: `/aide/faq/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
