"""What the agencies and OMEDITs follow and correct."""

from django.urls import URLPattern, path

from vaccines.views import corrections

ROOT = "vaccins/covid/approvisionnement/"

urlpatterns: list[URLPattern] = [
    path(f"{ROOT}lignes/", corrections.followed, name="followed"),
]
