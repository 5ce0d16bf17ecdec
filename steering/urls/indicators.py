"""The registry of indicators: `/indicateurs/`."""

from django.urls import URLPattern, path

from steering.views import indicators

urlpatterns: list[URLPattern] = [
    path("indicateurs/", indicators.indicators, name="indicators"),
    path("indicateurs/<slug:slug>/", indicators.indicator, name="indicator"),
]
