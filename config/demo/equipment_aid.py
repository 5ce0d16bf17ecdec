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
SMALL: Final = "354"  # home care: a category that holds little


def build_equipment_aid() -> int:
    """Write them once; say how many needs there are."""
    with transaction.atomic():
        if not EquipmentNeed.objects.exists():
            _build()
    return EquipmentNeed.objects.count()


def _build() -> None:
    hospital, home = _person("epi"), _person("ehpad")
    giver, taker = _place(hospital), _place(home)
    if giver is None or taker is None:
        return
    first = _need(hospital, giver, "surblouses", Urgency.TODAY, "Cas groupés en réanimation")
    propose(EQUIPMENT, by=_person("ars"), need_ids=[first.pk])
    shipped = _given(
        _need(home, taker, "masques-chirurgicaux", Urgency.SOON, "Livraison retardée"), giver
    )
    if shipped:
        accept(EQUIPMENT, by=hospital, transfer=shipped, side=Side.GIVER)
        accept(EQUIPMENT, by=home, transfer=shipped, side=Side.TAKER)
        ship(EQUIPMENT, by=hospital, transfer=shipped, expiry=None, note="Navette de 14 h")
    if small := _small_place():
        _given(_need(_person("ars"), small, "tabliers", Urgency.WEEK, "Ouverture de lits"), giver)


def _person(key: str) -> User:
    return User.objects.get(email=f"{key}@demo.example")


def _place(person: User) -> Establishment | None:
    return places_to(EQUIPMENT, person, Action.AID_ACCEPT).order_by("-is_main", "finess").first()


def _small_place() -> Establishment | None:
    rows = EQUIPMENT.places().filter(region=FIRST_REGION, category=SMALL, is_fictitious=True)
    return rows.order_by("finess").first()


def _need(by: User, place: Establishment, code: str, urgency: Urgency, reason: str) -> Need:
    return open_need(
        EQUIPMENT,
        by=by,
        place=place,
        goods=EpiItem.objects.on(current_week()).get(code=code),
        quantity=ASKED,
        reason=reason,
        urgency=urgency,
        wanted_on=timezone.localdate() + timedelta(days=2),
    )


def _given(need: Need, giver: Establishment) -> Transfer | None:
    """What the hospital may give, confirmed by the agency; nothing when it has nothing to spare."""
    place = EQUIPMENT.places().filter(pk=giver.pk)
    held = EQUIPMENT.held(place, [need.goods_pk], timezone.now()).get((giver.pk, need.goods_pk))
    if held is None or not held.surplus:
        return None
    quantity, agency = min(ASKED, held.surplus), _person("ars")
    transfer = add_transfer(EQUIPMENT, by=agency, need=need, giver=giver, quantity=quantity)
    return confirm(EQUIPMENT, by=agency, transfer=transfer)
