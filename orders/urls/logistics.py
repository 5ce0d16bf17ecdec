"""Warehouses: order files, reports, routing, pushed allocations, replenishment."""

from django.urls import path

from orders.views import (
    large,
    logistics_files,
    logistics_reports,
    pushed,
    replenishing,
    routing,
)

ROOT = "logistique/"
FILE = f"{ROOT}fichiers/<int:pk>/"
REPORTS = f"{ROOT}comptes-rendus/"
ROUTING = f"{ROOT}acheminement/"
LARGE = f"{ROUTING}grands/"
REPLENISHMENTS = f"{ROOT}reassort/"

urlpatterns = [
    path(ROOT, logistics_files.order_files, name="order_files"),
    path(FILE, logistics_files.order_file, name="order_file"),
    path(f"{FILE}accuse/", logistics_files.order_file_acknowledge, name="order_file_acknowledge"),
    path(f"{FILE}rejouer/", logistics_files.order_file_replay, name="order_file_replay"),
    path(f"{FILE}<str:form>/", logistics_files.order_file_content, name="order_file_content"),
    path(REPORTS, logistics_reports.reports, name="reports"),
    path(f"{REPORTS}envoyer/", logistics_reports.reports_file, name="reports_file"),
    path(f"{REPORTS}modele/", logistics_reports.reports_template, name="reports_template"),
    path(f"{REPORTS}<int:pk>/", logistics_reports.report, name="report"),
    path(ROUTING, routing.routing, name="routing"),
    path(f"{ROUTING}reacheminer/", routing.reroute_new, name="reroute_new"),
    path(f"{ROUTING}reacheminements/<int:pk>/", routing.reroute, name="reroute"),
    path(f"{ROUTING}plateformes/nouvelle/", routing.platform_new, name="platform_new"),
    path(f"{ROUTING}plateformes/<int:pk>/", routing.platform, name="platform"),
    path(LARGE, large.large, name="large"),
    path(f"{LARGE}importer/", large.large_import, name="large_import"),
    path(f"{LARGE}exporter/", large.large_file, name="large_file"),
    path(f"{LARGE}modele/", large.large_template, name="large_template"),
    path(f"{ROUTING}refus/", large.refused_lines, name="refused_lines"),
    path(f"{ROOT}dotations/", pushed.pushed, name="pushed"),
    path(f"{ROOT}dotations/modele/", pushed.pushed_template, name="pushed_template"),
    path(REPLENISHMENTS, replenishing.replenishments, name="replenishments"),
    path(f"{REPLENISHMENTS}<int:pk>/<str:act>/", replenishing.replenishment, name="replenishment"),
]
