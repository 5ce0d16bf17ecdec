"""The addresses of what is steered, by subject."""

from steering.urls import (
    alerts,
    figures,
    indicators,
    messages,
    situation,
)

app_name = "steering"
urlpatterns = [
    *messages.urlpatterns,
    *alerts.urlpatterns,
    *situation.urlpatterns,
    *indicators.urlpatterns,
    *figures.urlpatterns,
]
