"""The examples of the guide [000] around today, in the pharmacy of the demonstration.

Les Tilleuls: 66 doses, 72 people vaccinated, then 72 recalls and 10 new people. La Roseraie: 160,
156 vaccinated, 4 new people and recalls to type. Bel-Air, of flow B, moved by the ARS: 35 doses
came of 40, a reception to end.
The days of the guide are moved so that something is due: 28/01/2021 is today.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demo.country import FIRST_REGION, SERVING
from establishments.models import Establishment
from medications.models import Product
from pui.models import Pui
from vaccines.corrections.places import place_of
from vaccines.corrections.planning import Target
from vaccines.models import SupplyLine, Vaccine, VialDoses, Wave
from vaccines.recalls import Need
from vaccines.services.corrections import move_lines
from vaccines.services.needs import TypedNeed, save_needs
from vaccines.services.receptions import (
    Arrival,
    Vaccinated,
    save_receptions,
    save_vaccinated,
)

SPF, PHARMACIST, AGENCY = "spf@demo.example", "gf@demo.example", "ars@demo.example"
CODE, GTIN, LABEL = "9920015", "03400999990998", "Vaccin ARNm, laboratoire I"
TILLEULS, ROSERAIE, BEL_AIR = "EHPAD Les Tilleuls", "EHPAD La Roseraie", "USLD Bel-Air"
EXAMPLES = (TILLEULS, ROSERAIE, BEL_AIR)
OWN_DEPARTMENT = "45"
WHY = (
    "Nous avons réussi à vacciner 72 personnes en tout avec les flacons fournis lors de la 1re "
    "livraison. 10 nouveaux usagers souhaitent se faire vacciner."
)


def build_supply_examples() -> int:
    """Write the examples once; say how many lines there are."""
    product, pui = Product.objects.filter(code=CODE).first(), _pharmacy()
    with transaction.atomic():
        if product and pui and not Wave.objects.filter(label__startswith="Exemple").exists():
            _build(_vaccine(product), pui)
    return SupplyLine.objects.count()


def _build(vaccine: Vaccine, pui: Pui) -> None:
    """The five deliveries: days from today, recipient, first doses."""
    bel_air = _moved(_line(vaccine, pui, ROSERAIE, -1, pivot=_pivot(pui)), BEL_AIR)
    first = _line(vaccine, pui, TILLEULS, -9)
    second = _line(vaccine, pui, TILLEULS, 12)
    roseraie = _line(vaccine, pui, ROSERAIE, -8)
    awaited = _line(vaccine, pui, ROSERAIE, 13)
    past = {first: 66, roseraie: 160, bel_air: 40}
    by = User.objects.get(email=PHARMACIST)
    with pghistory.context(user=by.pk):
        _live(by, past, second, awaited)


def _live(
    by: User, past: Mapping[SupplyLine, int], second: SupplyLine, awaited: SupplyLine
) -> None:
    """What the pharmacist typed: needs, receptions, people, then the needs of the next wave."""
    first, roseraie, bel_air = past
    for line, doses in past.items():
        _deliver(by, line, doses)
    _receive(by, {first: 66, roseraie: 160, bel_air: 35})
    people = {first.pk: Vaccinated(72), roseraie.pk: Vaccinated(156)}
    save_vaccinated(by=by, typed=people)
    needs = {second.pk: Need(10, 72, WHY), awaited.pk: Need(4, None)}
    save_needs(by=by, typed={pk: TypedNeed(need) for pk, need in needs.items()})
    _plan(second, 82)


def _line(
    vaccine: Vaccine, pui: Pui, name: str, days: int, *, pivot: Pui | None = None
) -> SupplyLine:
    """In the wave of its day; needs were due a week before, at noon."""
    day = timezone.localdate() + timedelta(days=days)
    due = timezone.make_aware(datetime.combine(day - timedelta(days=7), time(12)))
    wave, _ = Wave.objects.get_or_create(
        label=f"Exemple du guide, {day:%d/%m/%Y}",
        defaults={
            "vaccine": vaccine,
            "delivers_on": day,
            "needs_due_at": due,
            "opened_by": User.objects.get(email=SPF),
        },
    )
    return SupplyLine.objects.create(
        wave=wave,
        pui=pui,
        recipient=_recipient(pui, name),
        flow=SupplyLine.Flow.B if pivot else SupplyLine.Flow.A,
        pivot=pivot,
    )


def _recipient(pui: Pui, name: str) -> Establishment:
    found: Establishment = Establishment.objects.get(
        name=name, legal_entity=pui.establishment.legal_entity
    )
    return found


def _moved(line: SupplyLine, name: str) -> SupplyLine:
    """It was with another recipient of the same pharmacy."""
    (moved,) = move_lines(
        by=User.objects.get(email=AGENCY),
        seen={line.pk: place_of(line)},
        target=Target(_recipient(line.pui, name), line.pui),
        reason="L’USLD vaccine avant l’EHPAD",
    )
    return moved


def _deliver(by: User, line: SupplyLine, doses: int) -> None:
    """Ordered before its deadline, planned, shipped on its day."""
    before = line.wave.needs_due_at - timedelta(days=1)
    save_needs(by=by, typed={line.pk: TypedNeed(Need(doses, None))}, now=before)
    line.refresh_from_db()
    _plan(line, doses, shipped_on=line.wave.delivers_on)


def _plan(line: SupplyLine, doses: int, *, shipped_on: date | None = None) -> None:
    SupplyLine.objects.filter(pk=line.pk).update(
        expected_on=line.wave.delivers_on,
        planned_doses=doses,
        planned_at=timezone.now(),
        planned_by=User.objects.get(email=SPF),
        shipped_on=shipped_on,
        shipped_doses=doses if shipped_on else None,
    )


def _receive(by: User, doses: Mapping[SupplyLine, int]) -> None:
    expires_on = timezone.localdate() + timedelta(days=75)
    for rank, (line, number) in enumerate(doses.items(), 1):
        day = line.wave.delivers_on
        arrival = Arrival(day, number, f"EX{rank:04d}", expires_on, GTIN)
        save_receptions(by=by, typed={line.pk: arrival})


def _vaccine(product: Product) -> Vaccine:
    found, is_new = Vaccine.objects.get_or_create(
        product=product, defaults={"label": LABEL, "gtin": GTIN, "interval_days": 21}
    )
    if is_new:
        VialDoses.objects.create(vaccine=found, starts_on=date(2021, 1, 8), doses=6)
    return found


def _pharmacy() -> Pui | None:
    rows = Pui.objects.filter(establishment__name=SERVING, closed_on=None)
    found: Pui | None = rows.select_related("establishment__legal_entity").order_by("pk").first()
    return found


def _pivot(pui: Pui) -> Pui | None:
    return pivot_hospital(away_from=pui.establishment.department_id)


def pivot_hospital(away_from: str | None = OWN_DEPARTMENT) -> Pui | None:
    """The pharmacy of another hospital of the region, in another department."""
    rows = Pui.objects.filter(
        closed_on=None, establishment__category="355", establishment__region=FIRST_REGION
    ).exclude(establishment__department=away_from)
    found: Pui | None = rows.order_by("establishment__department", "establishment__finess").first()
    return found
