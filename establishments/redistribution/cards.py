"""What mutual aid puts on the home page: steps that wait for one, needs to serve."""

from typing import Final

from django.urls import reverse

from common.french import of
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from establishments.redistribution.models import Transfer
from establishments.redistribution.rights import Sides, may
from establishments.redistribution.rows import needs_to_serve, waiting_transfers
from establishments.redistribution.states import Step, Urgency
from establishments.redistribution.trade import Person, Trade

MOST_CARDS: Final = 3
FIRST: Final = -10  # a life depends on it: before all that there is to decide
NO_BREAK: Final = "\u00a0"
VERBS: Final = {
    Step.CONFIRM: ("Dépannage à confirmer", "Confirmer"),
    Step.ACCEPT: ("Dépannage à accepter", "Répondre"),
    Step.SHIP: ("Dépannage à expédier", "Expédier"),
    Step.RECEIVE: ("Dépannage à réceptionner", "Réceptionner"),
}


def aid_cards(trade: Trade, user: Person, order: int) -> list[Card]:
    """One card for each step of a place, one for all that an agency has to serve."""
    if may(trade, user, Action.AID_PROPOSE):
        return agency_cards(trade, user, order)
    return step_cards(trade, user, order) if may(trade, user, Action.AID_ACCEPT) else []


def agency_cards(trade: Trade, user: Person, order: int) -> list[Card]:
    needs, (transfers, _) = needs_to_serve(trade, user), waiting_transfers(trade, user)
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
            title=f"Dépannages\u00a0: {trade.label.lower()}",
            detail=", ".join(filter(None, said)) + ".",
            due="Urgence vitale" if is_vital else "",
            action_label="Chercher des donneurs" if needs else "Confirmer",
            url=reverse(f"{trade.urls}:propose"),
            order=FIRST if is_vital else order,
        )
    ]


def _counted(count: int, word: str, rest: str) -> str:
    mark = "s" if count > 1 else ""
    return f"{format_integer(count)}{NO_BREAK}{word}{mark} {rest}" if count else ""


def step_cards(trade: Trade, user: Person, order: int) -> list[Card]:
    found, sides = waiting_transfers(trade, user)
    cards = [_card(trade, one, sides, order) for one in found[:MOST_CARDS]]
    if len(found) > MOST_CARDS:
        cards.append(
            Card(
                kind=Kind.TO_DO,
                title=f"Et {_counted(len(found) - MOST_CARDS, 'dépannage', 'de plus')}",
                action_label="Tout voir",
                url=f"{reverse('aid')}?onglet={trade.key}",
                order=order,
            )
        )
    return cards


def _card(trade: Trade, transfer: Transfer, sides: Sides, order: int) -> Card:
    step, need = sides.awaited(transfer), transfer.need
    title, action = VERBS[step or Step.ACCEPT]
    return Card(
        kind=Kind.DECIDE if step is Step.ACCEPT else Kind.TO_DO,
        title=f"{title}\u00a0: {need.goods}",
        detail=f"{transfer.units} {of(transfer.giver)} vers {need.place}. "
        f"Motif\u00a0: {need.reason}",
        due=f"Souhaité pour le {need.wanted_on:%d/%m}",
        action_label=action,
        url=reverse(f"{trade.urls}:transfer", args=[transfer.pk]),
        order=order,
    )
