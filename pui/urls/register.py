"""The home of e-Dispostock, and the register of pharmacies."""

from django.urls import path

from pui.views import closing, home, register, served, sheet

PUI = "pui/<int:pk>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("pui/", register.register, name="register"),
    path("pui/telecharger/<slug:kind>/", register.register_file, name="register_file"),
    path("pui/nouvelle/", sheet.choose_site, name="choose_site"),
    path("pui/nouvelle/<finess:finess>/", sheet.create, name="create"),
    path(PUI, sheet.detail, name="detail"),
    path(f"{PUI}modifier/", sheet.edit, name="edit"),
    path(f"{PUI}fiche/", sheet.sheet, name="sheet"),
    path(f"{PUI}historique/", sheet.history, name="history"),
    path(f"{PUI}fermer/", closing.close, name="close"),
    path(f"{PUI}rouvrir/", closing.reopen, name="reopen"),
    path(f"{PUI}dessert/", served.served, name="served"),
    path(f"{PUI}dessert/resultats/", served.served_results, name="served_results"),
    path(f"{PUI}dessert/<int:served_pk>/fin/", served.served_end, name="served_end"),
]
