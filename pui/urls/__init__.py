"""The addresses of e-Dispostock that belong to pharmacies, by subject."""

from pui.urls import feeds, grid, onboarding, region, register, state, transmissions

app_name = "pui"
urlpatterns = [
    *register.urlpatterns,
    *transmissions.urlpatterns,
    *grid.urlpatterns,
    *state.urlpatterns,
    *onboarding.urlpatterns,
    *region.urlpatterns,
    *feeds.urlpatterns,
]
