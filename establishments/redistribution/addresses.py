"""The addresses of a trade, below ``/entraide/``."""

from typing import Any

from django.urls import URLPattern, path

from establishments.redistribution.trade import Trade
from establishments.redistribution.views import needs, opening, transfers


def addresses(trade: Trade) -> tuple[list[URLPattern], str]:
    """What ``include`` takes: the pages, and their namespace."""
    told: dict[str, Any] = {"trade": trade}
    pages = [
        path("ouvrir/", opening.open_page, told, name="open"),
        path("proposer/", needs.board, told, name="propose"),
        path("proposer/calculer/", needs.propose_page, told, name="compute"),
        path("besoins/<int:pk>/", needs.need, told, name="need"),
        path("besoins/<int:pk>/confirmer/", needs.confirm_page, told, name="confirm"),
        path("besoins/<int:pk>/donneur/", needs.donor_page, told, name="donor"),
        path("besoins/<int:pk>/elargir/", needs.widen_page, told, name="widen"),
        path("besoins/<int:pk>/terminer/", needs.end_page, told, name="end"),
        path("transferts/<int:pk>/", transfers.transfer, told, name="transfer"),
        path("transferts/<int:pk>/quantite/", needs.quantity_page, told, name="quantity"),
        path("transferts/<int:pk>/<slug:step>/", transfers.step_page, told, name="step"),
    ]
    return pages, trade.urls
