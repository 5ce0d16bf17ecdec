"""Mutual aid between pharmacies at each of its steps, around the pharmacist of the demonstration.

Opened by the services, as people would: what today's stocks do not allow is left out.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from establishments.redistribution.held import KEPT_DAYS, Held
from establishments.redistribution.rights import places_to
from establishments.redistribution.services.needs import AidError, open_need
from establishments.redistribution.services.steps import accept, confirm, receive, ship
from establishments.redistribution.services.transfers import add_transfer, propose
from establishments.redistribution.states import Side, Urgency
from medications.models import ReferenceProduct
from pui.aid.stocks import catalogue_today, held_by
from pui.aid.trade import MEDICINES
from pui.models import MedicineNeed, MedicineTransfer, Pui

AGENT, PHARMACIST = "ars@demo.example", "gf@demo.example"
DAYS_ASKED = 14
MOST_GIVEN = 200
REASONS = (
    "Afflux de patients en réanimation, la livraison du fournisseur est retardée.",
    "Rupture chez le grossiste, aucune date de livraison.",
    "Ouverture de six lits de réanimation supplémentaires.",
)
Stocks = dict[tuple[int, str], Held]


def build_aid() -> int:
    """Needs and transfers, once; say how many transfers there are."""
    if not MedicineNeed.objects.exists():
        agent, pharmacist = (User.objects.get(email=email) for email in (AGENT, PHARMACIST))
        own = list(places_to(MEDICINES, pharmacist, Action.AID_ACCEPT))
        others = list(places_to(MEDICINES, agent, Action.AID_PROPOSE))
        stocks = region_stocks(others)
        for build in (build_open, build_given, build_received):
            build(agent, pharmacist, own, others, stocks)
    return MedicineTransfer.objects.count()


def region_stocks(puis: list[Pui]) -> Stocks:
    now = timezone.now()
    catalogue = catalogue_today(now)
    references = {one.reference for one in catalogue.watched}
    return held_by(catalogue, references, [one.pk for one in puis], now)


def build_open(
    agent: User, pharmacist: User, own: list[Pui], others: list[Pui], stocks: Stocks
) -> None:
    """The pharmacist lacks its shortest product, two others too: donors are proposed together."""
    needs = [_need(pharmacist, own[:1], stocks, Urgency.TODAY, REASONS[0])] if own else []
    strangers = [one for one in others if one not in own]
    needs += [_need(agent, strangers, stocks, Urgency.SOON, reason) for reason in REASONS[1:]]
    found = [one.pk for one in needs if one]
    if found:
        propose(MEDICINES, by=agent, need_ids=found)


def _need(
    by: User, puis: list[Pui], stocks: Stocks, urgency: Urgency, reason: str
) -> MedicineNeed | None:
    """For the shortest cover among these pharmacies; each is opened once."""
    by_pk = {one.pk: one for one in puis}
    asked = set(MedicineNeed.objects.values_list("pui", "reference__label"))
    short = [
        (held.days, pk, label, held)
        for (pk, label), held in sorted(stocks.items())
        if pk in by_pk and (pk, label) not in asked and held.days is not None
        if held.days < KEPT_DAYS
    ]
    if not short:
        return None
    _, pk, label, held = min(short, key=lambda one: one[:3])
    return _opened(by, by_pk[pk], label, max(1, int(held.daily * DAYS_ASKED)), urgency, reason)


def _opened(
    by: User, pui: Pui, label: str, quantity: int, urgency: Urgency, reason: str
) -> MedicineNeed:
    return open_need(
        MEDICINES,
        by=by,
        place=pui,
        goods=ReferenceProduct.objects.get(label=label),
        quantity=quantity,
        reason=reason,
        urgency=urgency,
        wanted_on=timezone.localdate() + timedelta(days=2 * urgency.rank),
    )


def build_given(
    agent: User, pharmacist: User, own: list[Pui], others: list[Pui], stocks: Stocks
) -> None:
    """The pharmacist is asked to give: the ARS has confirmed, both have to accept."""
    _between(agent, own, [one for one in others if one not in own], stocks)


def build_received(
    agent: User, pharmacist: User, own: list[Pui], others: list[Pui], stocks: Stocks
) -> None:
    """From one of the pharmacist's pharmacies to the other: sent, received with a difference."""
    transfer = _between(agent, own[:1], own[1:], stocks)
    if transfer is None:
        return
    for side in (Side.GIVER, Side.TAKER):
        accept(MEDICINES, by=pharmacist, transfer=transfer, side=side)
    expiry = timezone.localdate() + timedelta(days=240)
    ship(
        MEDICINES,
        by=pharmacist,
        transfer=transfer,
        expiry=expiry,
        note="Navette du matin, lot fictif A12",
    )
    received = max(0, transfer.quantity - 5)
    receive(
        MEDICINES,
        by=pharmacist,
        transfer=transfer,
        quantity=received,
        comment="Cinq unités cassées",
    )


def _between(
    agent: User, givers: list[Pui], takers: list[Pui], stocks: Stocks
) -> MedicineTransfer | None:
    """The largest surplus of these givers, confirmed for the first of these takers."""
    by_pk = {one.pk: one for one in givers}
    asked = set(MedicineNeed.objects.values_list("reference__label", flat=True))
    rich = [
        (held.surplus, -pk, label)
        for (pk, label), held in sorted(stocks.items())
        if pk in by_pk and held.surplus and label not in asked
    ]
    if not rich or not takers:
        return None
    surplus, pk, label = max(rich)
    quantity = min(surplus, MOST_GIVEN)
    try:
        with transaction.atomic():
            need = _opened(agent, takers[0], label, quantity, Urgency.WEEK, REASONS[2])
            giver = Pui.objects.select_related("establishment").get(pk=-pk)
            transfer = add_transfer(MEDICINES, by=agent, need=need, giver=giver, quantity=quantity)
            return confirm(MEDICINES, by=agent, transfer=transfer)
    except AidError:
        return None
