"""What the agencies and OMEDITs follow and correct."""

from django.urls import URLPattern, path

from vaccines.views import correcting, corrections, deliveries

ROOT = "vaccins/covid/approvisionnement/"
FILE = "telecharger/<slug:kind>/"

urlpatterns: list[URLPattern] = [
    path(f"{ROOT}lignes/", corrections.followed, name="followed"),
    path(f"{ROOT}lignes/{FILE}", corrections.lines_file, name="lines_file"),
    path(f"{ROOT}lignes/corriger/", correcting.line_correct, name="line_correct"),
    path(f"{ROOT}lignes/creer/", correcting.line_create, name="line_create"),
    path(f"{ROOT}lignes/<int:pk>/", corrections.line, name="line"),
    path(f"{ROOT}signalements/", corrections.line_reports, name="line_reports"),
    path(f"{ROOT}signalements/<int:pk>/", corrections.line_report, name="line_report"),
    path(f"{ROOT}livraisons/", deliveries.deliveries, name="deliveries"),
    path(f"{ROOT}livraisons/{FILE}", deliveries.deliveries_file, name="deliveries_file"),
    path(f"{ROOT}couverture/", deliveries.coverage, name="coverage"),
    path(f"{ROOT}couverture/{FILE}", deliveries.coverage_file, name="coverage_file"),
    path(f"{ROOT}doses/", deliveries.doses, name="doses"),
    path(f"{ROOT}doses/{FILE}", deliveries.doses_file, name="doses_file"),
    path(f"{ROOT}peremptions/", deliveries.lots, name="lots"),
    path(f"{ROOT}peremptions/{FILE}", deliveries.lots_file, name="lots_file"),
]
