"""« Approvisionnement vaccin COVID »: what a pharmacy orders, receives, reports."""

from django.urls import path

from vaccines.views import receptions, reports, supply

ROOT = "vaccins/covid/approvisionnement/"

urlpatterns = [
    path(ROOT, supply.supply, name="supply"),
    path(f"{ROOT}signaler/", reports.line_report, name="report"),
    path(f"{ROOT}question/", reports.question, name="question"),
    path(f"{ROOT}<int:pk>/lire/", receptions.scan, name="scan"),
    path(f"{ROOT}<int:pk>/corriger/", receptions.correct, name="reception_correct"),
]
