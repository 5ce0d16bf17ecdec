"""The FINESS directory."""

from django.urls import path

from establishments.views import directory

app_name = "establishments"
urlpatterns = [
    path("etablissements/", directory.search, name="search"),
    path("etablissements/<finess:finess>/", directory.detail, name="detail"),
    path("entites/<finess:finess>/", directory.entity, name="entity"),
]
