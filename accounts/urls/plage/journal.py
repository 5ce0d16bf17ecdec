"""What happened in one’s perimeter."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
