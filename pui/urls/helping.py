"""« Demandes d’aide »: a pharmacy asks its agency, which answers."""

from django.urls import path

from pui.views import helping

ROOT = "medicaments/demandes/"

urlpatterns = [
    path(ROOT, helping.help_list, name="help"),
    path(f"{ROOT}nouvelle/", helping.help_ask, name="help_ask"),
    path(f"{ROOT}telecharger/<slug:kind>/", helping.help_file, name="help_file"),
    path(f"{ROOT}<int:pk>/", helping.help_request, name="help_request"),
    path(f"{ROOT}<int:pk>/retirer/", helping.help_withdraw, name="help_withdraw"),
]
