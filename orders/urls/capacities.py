"""Capacities: what is known, corrections asked and decided, files."""

from django.urls import path

from orders.views import capacities, capacity_files, capacity_requests

BASE = "capacites/"
FILE = f"{BASE}fichier/"
REQUESTS = f"{BASE}corrections/"
urlpatterns = [
    path(BASE, capacities.capacities, name="capacities"),
    path(f"{BASE}export/<slug:kind>/", capacities.capacities_export, name="capacities_export"),
    path(REQUESTS, capacity_requests.capacity_requests, name="capacity_requests"),
    path(f"{REQUESTS}decider/", capacity_requests.capacity_decide, name="capacity_decide"),
    path(
        f"{REQUESTS}<int:pk>/retirer/",
        capacity_requests.capacity_withdraw,
        name="capacity_withdraw",
    ),
    path(FILE, capacity_files.capacity_file, name="capacity_file"),
    path(f"{FILE}modele/", capacity_files.capacity_template, name="capacity_template"),
    path(f"{FILE}lignes-refusees/", capacity_files.capacity_errors, name="capacity_errors"),
    path(f"{FILE}<int:pk>/", capacity_files.capacity_import, name="capacity_import"),
    path(
        f"{FILE}<int:pk>/confirmer/",
        capacity_files.capacity_import_confirm,
        name="capacity_import_confirm",
    ),
    path(
        f"{FILE}<int:pk>/abandonner/",
        capacity_files.capacity_import_cancel,
        name="capacity_import_cancel",
    ),
    path(
        f"{FILE}<int:pk>/relancer/",
        capacity_files.capacity_import_restart,
        name="capacity_import_restart",
    ),
    path(f"{BASE}<finess:finess>/", capacities.capacity, name="capacity"),
]
