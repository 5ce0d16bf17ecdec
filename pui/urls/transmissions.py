"""The addresses of a transmission: choose, check, receive; its history; a due day opened again."""

from django.urls import path

from pui.urls import lists
from pui.views.transmissions import history, receipt, reopening, start, steps

__all__ = ["lists", "urlpatterns"]

LIST = "<stock_list:slug>/"
ONE = f"{LIST}<uuid:number>/"

urlpatterns = [
    path(LIST, start.start, name="transmission"),
    path(f"{LIST}modele/<int:pk>/", start.template, name="transmission_template"),
    path(f"{LIST}historique/", history.history, name="transmission_history"),
    path(f"{LIST}reouverture/<int:pk>/", reopening.reopen, name="transmission_reopen"),
    path(ONE, steps.detail, name="transmission_detail"),
    path(f"{ONE}colonnes/", steps.columns, name="transmission_columns"),
    path(f"{ONE}transmettre/", steps.confirm, name="transmission_confirm"),
    path(f"{ONE}abandonner/", steps.abandon, name="transmission_abandon"),
    path(f"{ONE}relancer/", steps.restart, name="transmission_restart"),
    path(f"{ONE}remarques/", steps.remarks, name="transmission_remarks"),
    path(f"{ONE}fichier/<slug:kind>/", receipt.file, name="transmission_file"),
    path(f"{ONE}differences/", receipt.compare, name="transmission_differences"),
]
