"""What mutual aid puts on the home page: transfers that wait for one, needs to serve."""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse

from accounts.models import User
from common.home import Card, Kind
from establishments.perimeter import Action
from establishments.redistribution.states import Step
from pui.aid.explaining import unit_text
from pui.aid.part import PART, needs_to_serve, waiting_transfers
from pui.aid.rights import Sides, may, todo
from pui.models import MedicineTransfer
from pui.region.figures import plural

ORDER: Final = 22
VERBS: Final = {
    Step.ACCEPT: ("Dépannage à accepter", "Répondre"),
    Step.SHIP: ("Dépannage à expédier", "Expédier"),
    Step.RECEIVE: ("Dépannage à réceptionner", "Réceptionner"),
}
MOST_CARDS: Final = 5


def aid_cards(user: User) -> list[Card]:
    """One card for each step of a pharmacy, one for all that an agency has to serve."""
    if may(user, Action.AID_PROPOSE):
        return agency_cards(user)
    return pharmacy_cards(user) if may(user, Action.AID_ACCEPT) else []


def agency_cards(user: User) -> list[Card]:
    needs = needs_to_serve(user)
    confirm = waiting_transfers(user)
    if not needs and not confirm:
        return []
    said = [
        plural(len(needs), "besoin à servir", "besoins à servir") if needs else "",
        plural(len(confirm), "transfert à confirmer", "transferts à confirmer") if confirm else "",
    ]
    urgent = min((one.urgency_rank for one in needs), default=1)
    return [
        Card(
            kind=Kind.DECIDE,
            title="Dépannages entre PUI",
            detail=", ".join(filter(None, said)) + ".",
            due="Urgence vitale" if urgent == 0 else "",
            action_label="Chercher des donneurs" if needs else "Confirmer",
            url=reverse("aid_medicines:propose"),
            order=ORDER,
        )
    ]


def pharmacy_cards(user: User) -> list[Card]:
    found = waiting_transfers(user)
    sides = Sides(user, found)
    cards = [card_of(one, todo(one, sides)[0][0]) for one in found[:MOST_CARDS]]
    return cards + more_card(found[MOST_CARDS:])


def card_of(transfer: MedicineTransfer, step: Step) -> Card:
    title, action = VERBS[step]
    unit = transfer.explanation.get("unit", "unité")
    return Card(
        kind=Kind.DECIDE if step is Step.ACCEPT else Kind.TO_DO,
        title=f"{title}\u00a0: {transfer.need.reference}",
        detail=f"{unit_text(transfer.quantity, unit)} de {transfer.giver} vers "
        f"{transfer.need.pui}. Motif\u00a0: {transfer.need.reason}",
        due=f"Souhaité pour le {transfer.need.wanted_on:%d/%m}",
        action_label=action,
        url=reverse("aid_medicines:transfer", args=[transfer.pk]),
        order=ORDER,
    )


def more_card(others: Sequence[MedicineTransfer]) -> list[Card]:
    if not others:
        return []
    return [
        Card(
            kind=Kind.TO_DO,
            title=f"Et {plural(len(others), 'autre dépannage', 'autres dépannages')}",
            action_label="Tout voir",
            url=f"{reverse('aid')}?onglet={PART.key}",
            order=ORDER,
        )
    ]
