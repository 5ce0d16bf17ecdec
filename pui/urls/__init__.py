"""The addresses of e-Dispostock that belong to pharmacies, by subject."""

from pui.urls import (
    feeds,
    grid,
    helping,
    onboarding,
    region,
    register,
    sharing,
    state,
    transmissions,
)

app_name = "pui"
urlpatterns = [
    *register.urlpatterns,
    *transmissions.urlpatterns,
    *grid.urlpatterns,
    *state.urlpatterns,
    *onboarding.urlpatterns,
    *region.urlpatterns,
    *sharing.urlpatterns,
    *helping.urlpatterns,
    *feeds.urlpatterns,
]
