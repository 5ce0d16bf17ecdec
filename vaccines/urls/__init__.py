"""The addresses of the flu campaigns and of the supply of vaccines, by subject."""

from vaccines.urls import corrections, flu, needs, waves

app_name = "vaccines"
urlpatterns = [
    *flu.urlpatterns,
    *needs.urlpatterns,
    *waves.urlpatterns,
    *corrections.urlpatterns,
]
