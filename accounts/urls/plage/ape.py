"""« Gestion des APE » of the ARS."""

from django.urls import path

from accounts.views.plage import ape

urlpatterns = [
    path("ape/", ape.ape_list, name="ape"),
    path("ape/export/", ape.ape_export, name="ape_export"),
]
