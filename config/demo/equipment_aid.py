"""Mutual aid of equipment as found on a morning: a need to serve, two transfers under way."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.weeks import current_week
from config.demo.country import FIRST_REGION
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.models import EpiItem, EquipmentNeed
from establishments.models import Establishment
from establishments.perimeter import Action
from establishments.redistribution.models import Need, Transfer
from establishments.redistribution.rights import places_to
from establishments.redistribution.services.needs import open_need
from establishments.redistribution.services.steps import accept, confirm, ship
from establishments.redistribution.services.transfers import add_transfer, propose
from establishments.redistribution.states import Side, Urgency

ASKED: Final = 400  # units
SHORT: Final = "surblouses"
SMALL: Final = "354"  # home care: a category that holds little


def build_equipment_aid() -> int:
    """Write them once; say how many needs there are."""
    with transaction.atomic():
        if not EquipmentNeed.objects.exists():
            _build()
    return EquipmentNeed.objects.count()


def _build() -> None:
    hospital, home = _person("epi"), _person("ehpad")
    short, taker = _place(hospital), _place(home)
    if short is None or taker is None:
        return
    gowns = EpiItem.objects.on(current_week()).get(code=SHORT)
    first = _need(hospital, short, gowns, Urgency.TODAY, "Cas groupés en réanimation")
    propose(EQUIPMENT, by=_person("ars"), need_ids=[first.pk])
    takers = (
        (home, taker, "Livraison retardée"),
        (_person("ars"), _small_place(), "Dix patients de plus cette semaine"),
    )
    given = [
        _given(_need(by, place, item, Urgency.SOON, reason), giver, surplus)
        for (giver, item, surplus), (by, place, reason) in zip(
            _spare(hospital), takers, strict=False
        )
        if place
    ]
    for shipped in given[:1]:  # the other one waits for both sides
        accept(EQUIPMENT, by=hospital, transfer=shipped, side=Side.GIVER)
        accept(EQUIPMENT, by=home, transfer=shipped, side=Side.TAKER)
        ship(EQUIPMENT, by=hospital, transfer=shipped, expiry=None, note="Navette de 14 h")


def _spare(person: User) -> list[tuple[Establishment, EpiItem, int]]:
    """Of each item, the site of this person that has the most to give; the richest first."""
    items = {item.pk: item for item in EQUIPMENT.offered_goods()}
    places = {one.pk: one for one in places_to(EQUIPMENT, person, Action.AID_ACCEPT)}
    rows = EQUIPMENT.places().filter(pk__in=places)
    found: dict[int, tuple[Establishment, EpiItem, int]] = {}
    for (place, item), held in EQUIPMENT.held(rows, items, timezone.now()).items():
        if held.surplus > (found[item][2] if item in found else 0):
            found[item] = (places[place], items[item], held.surplus)
    return sorted(found.values(), key=lambda one: (-one[2], one[1].pk))


def _person(key: str) -> User:
    return User.objects.get(email=f"{key}@demo.example")


def _place(person: User) -> Establishment | None:
    return places_to(EQUIPMENT, person, Action.AID_ACCEPT).order_by("-is_main", "finess").first()


def _small_place() -> Establishment | None:
    rows = EQUIPMENT.places().filter(region=FIRST_REGION, category=SMALL, is_fictitious=True)
    return rows.order_by("finess").first()


def _need(by: User, place: Establishment, item: EpiItem, urgency: Urgency, reason: str) -> Need:
    return open_need(
        EQUIPMENT,
        by=by,
        place=place,
        goods=item,
        quantity=ASKED,
        reason=reason,
        urgency=urgency,
        wanted_on=timezone.localdate() + timedelta(days=2 * urgency.rank),
    )


def _given(need: Need, giver: Establishment, surplus: int) -> Transfer:
    """Confirmed by the agency."""
    agency, quantity = _person("ars"), min(ASKED, surplus)
    transfer = add_transfer(EQUIPMENT, by=agency, need=need, giver=giver, quantity=quantity)
    return confirm(EQUIPMENT, by=agency, transfer=transfer)
