"""Mutual aid between pharmacies, below ``/entraide/medicaments/``."""

from django.urls import path

from pui.views.aid import needs, opening, transfers

app_name = "aid_medicines"
urlpatterns = [
    path("ouvrir/", opening.open_page, name="open"),
    path("proposer/", needs.board, name="propose"),
    path("proposer/calculer/", needs.propose_page, name="compute"),
    path("besoins/<int:pk>/", needs.need, name="need"),
    path("besoins/<int:pk>/confirmer/", needs.confirm_page, name="confirm"),
    path("besoins/<int:pk>/donneur/", needs.donor_page, name="donor"),
    path("besoins/<int:pk>/elargir/", needs.widen_page, name="widen"),
    path("besoins/<int:pk>/terminer/", needs.end_page, name="end"),
    path("transferts/<int:pk>/", transfers.transfer, name="transfer"),
    path("transferts/<int:pk>/quantite/", needs.quantity_page, name="quantity"),
    path("transferts/<int:pk>/<slug:step>/", transfers.step_page, name="step"),
]
