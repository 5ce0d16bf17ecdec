"""Guides by role: `/aide/guides/`; `/aide/` is where help begins."""

from django.urls import path

from support.views import guides

urlpatterns = [
    path("", guides.hub, name="hub"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:slug>/", guides.guide, name="guide"),
    path("guides/<slug:slug>/pdf/", guides.guide_pdf, name="guide_pdf"),
]
