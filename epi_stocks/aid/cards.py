"""What mutual aid puts on the home page: steps that wait for one, needs to serve."""

from typing import Final

from django.urls import reverse

from accounts.models import User
from common.home import Card, Kind
from epi_stocks.aid.trade import EQUIPMENT, PART
from establishments.perimeter import Action
from establishments.redistribution.held import units_text
from establishments.redistribution.models import Transfer
from establishments.redistribution.rights import Sides, may
from establishments.redistribution.rows import needs_to_serve, waiting_transfers
from establishments.redistribution.states import Step, Urgency

ORDER: Final = 32
MOST_CARDS: Final = 3
VERBS: Final = {
    Step.CONFIRM: ("Dépannage à confirmer", "Confirmer"),
    Step.ACCEPT: ("Dépannage à accepter", "Répondre"),
    Step.SHIP: ("Dépannage à expédier", "Expédier"),
    Step.RECEIVE: ("Dépannage à réceptionner", "Réceptionner"),
}


def aid_cards(user: User) -> list[Card]:
    """One card for each step of an establishment, one for all that an agency has to serve."""
    if may(EQUIPMENT, user, Action.AID_PROPOSE):
        return agency_cards(user)
    return step_cards(user) if may(EQUIPMENT, user, Action.AID_ACCEPT) else []


def agency_cards(user: User) -> list[Card]:
    needs, transfers = needs_to_serve(EQUIPMENT, user), waiting_transfers(EQUIPMENT, user)
    if not needs and not transfers:
        return []
    said = [
        _counted(len(needs), "besoin", "à servir"),
        _counted(len(transfers), "transfert", "à confirmer"),
    ]
    is_vital = any(one.urgency == Urgency.TODAY for one in needs)
    return [
        Card(
            kind=Kind.DECIDE,
            title="Dépannages d’équipements",
            detail=", ".join(filter(None, said)) + ".",
            due="Urgence vitale" if is_vital else "",
            action_label="Chercher des donneurs" if needs else "Confirmer",
            url=reverse("aid_equipment:propose"),
            order=ORDER,
        )
    ]


def _counted(count: int, word: str, rest: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''} {rest}" if count else ""


def step_cards(user: User) -> list[Card]:
    found = waiting_transfers(EQUIPMENT, user)
    sides = Sides(EQUIPMENT, user, found)
    cards = [_card(one, sides) for one in found[:MOST_CARDS]]
    if len(found) > MOST_CARDS:
        cards.append(
            Card(
                kind=Kind.TO_DO,
                title=f"Et {_counted(len(found) - MOST_CARDS, 'dépannage', 'd’équipements')}",
                action_label="Tout voir",
                url=f"{reverse('aid')}?onglet={PART.key}",
                order=ORDER,
            )
        )
    return cards


def _card(transfer: Transfer, sides: Sides) -> Card:
    step, need = sides.awaited(transfer), transfer.need
    title, action = VERBS[step or Step.ACCEPT]
    return Card(
        kind=Kind.DECIDE if step is Step.ACCEPT else Kind.TO_DO,
        title=f"{title}\u00a0: {need.goods}",
        detail=f"{units_text(transfer.quantity)} de {transfer.giver} vers {need.place}. "
        f"Motif\u00a0: {need.reason}",
        due=f"Souhaité pour le {need.wanted_on:%d/%m}",
        action_label=action,
        url=reverse("aid_equipment:transfer", args=[transfer.pk]),
        order=ORDER,
    )
