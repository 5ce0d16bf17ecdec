"""Two waves of a COVID vaccine: one delivered, one whose needs are half typed; a flow B.

Every EHPAD and USLD that a pharmacy serves, and in the other departments those that their hospital
is asked to serve: about 300 lines each.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Domain, Role, User
from config.demo.country import SERVING
from config.demo.people import Account, create_account, one
from config.demo.vaccines_needs import (
    CODE,
    EXAMPLES,
    GTIN,
    LABEL,
    OWN_DEPARTMENT,
    SPF,
    pivot_hospital,
)
from establishments.models import Establishment
from medications.models import Product
from pui.models import Pui, ServedEstablishment
from vaccines.models import Reception, SupplyLine, Vaccine, VialDoses, Wave
from vaccines.services.waves import Opening, open_wave, write_lines
from vaccines.waves.asked import Asked
from vaccines.waves.drafting import check

PIVOT = Account("pivot", "Odile", "Mercier", ())
VIALS = ((date(2020, 12, 27), 5), (date(2021, 1, 8), 6))
RECIPIENTS, HOSPITAL = ("500", "362"), "355"
MOST_LINES = 300
FIRST, SECOND = "EHPAD et USLD, 1re livraison", "EHPAD et USLD, 2e livraison"


def build_waves() -> int:
    """Write what is missing; say how many lines there are."""
    with transaction.atomic():
        vaccine = build_vaccine()
        build_pivot_person()
        if vaccine and not Wave.objects.exists():
            asked = recipients()
            build_delivered(vaccine, asked)
            build_coming(vaccine, asked)
    return SupplyLine.objects.count()


def build_vaccine() -> Vaccine | None:
    """Five doses a vial, then six: it changed during the campaign."""
    product = Product.objects.filter(code=CODE).first()
    if product is None:
        return None
    vaccine, is_new = Vaccine.objects.get_or_create(
        product=product,
        defaults={"label": LABEL, "gtin": GTIN, "interval_days": 21},
    )
    if is_new:
        VialDoses.objects.bulk_create(
            VialDoses(vaccine=vaccine, starts_on=day, doses=doses) for day, doses in VIALS
        )
    return vaccine


def recipients() -> list[Asked]:
    """The first region has a pivot hospital: what its own department receives is of flow B.

    Those of the examples of the guide have their own waves.
    """
    puis = Pui.objects.filter(closed_on=None, establishment__category=HOSPITAL)
    hospitals: dict[str, str] = {}
    for pui in puis.select_related("establishment").order_by("establishment__finess"):
        hospitals.setdefault(pui.establishment.department_id or "", pui.establishment.finess)
    own = Pui.objects.filter(establishment__name=SERVING).values("establishment__legal_entity")
    sites = Establishment.objects.filter(
        is_fictitious=True, closed_on=None, category__in=RECIPIENTS, puis=None
    ).exclude(name__in=EXAMPLES, legal_entity__in=own)
    pivot = pivot_hospital()
    known = set(ServedEstablishment.objects.values_list("establishment", flat=True))
    found = []
    for place in sites.order_by("department", "finess"):
        hospital, served = hospitals.get(place.department_id or "", ""), place.pk in known
        if not (hospital or served):
            continue
        is_of_pivot = pivot and pivot.establishment.department_id == place.department_id
        found.append(
            Asked(
                len(found) + 1,
                place.finess,
                pui="" if served else hospital,
                pivot=pivot.establishment.finess if is_of_pivot else "",
            )
        )
    return _first_of(found)


def _first_of(found: list[Asked]) -> list[Asked]:
    """Those of flow B, then the others until there are enough."""
    ranked = sorted(found, key=lambda one: (not one.pivot, one.number))
    return ranked[:MOST_LINES]


def build_pivot_person() -> None:
    """Who writes the deliveries of the pivot hospital."""
    pivot = pivot_hospital()
    if pivot and not User.objects.filter(email=PIVOT.email).exists():
        entity = pivot.establishment.legal_entity
        create_account(replace(PIVOT, profiles=one(entity, Domain.DISPOSTOCK, Role.DECLARANT)))


def pharmacist() -> User:
    """Who tells the needs and the receptions of the demonstration: never who delivers them."""
    return User.objects.filter(email=PIVOT.email).first() or User.objects.get(email=SPF)


def build_delivered(vaccine: Vaccine, asked: list[Asked]) -> None:
    """Three weeks ago: needs typed, planned, shipped; most pharmacies told the reception."""
    spf, day = User.objects.get(email=SPF), timezone.localdate() - timedelta(days=21)
    wave = Wave.objects.create(
        label=FIRST,
        vaccine=vaccine,
        delivers_on=day,
        needs_due_at=noon(-28),
        opened_by=spf,
    )
    write_lines(wave, check(asked, vaccine, day).new)
    told_at = timezone.now() - timedelta(days=29)
    wave.lines.update(
        first_doses=24 + F("recipient") % 11 * 6,
        second_doses=0,
        need_at=told_at,
        need_by=pharmacist(),
    )
    wave.lines.update(
        expected_on=day,
        planned_doses=F("first_doses"),
        planned_at=told_at + timedelta(days=3),
        planned_by=spf,
        shipped_on=day,
        shipped_doses=F("first_doses"),
    )
    receive(wave, pharmacist())


def receive(wave: Wave, by: User) -> None:
    """All but the fifth of the pharmacies, and that of the demonstration, which tells its own."""
    told = wave.lines.annotate(rank=F("pui") % 5).filter(rank__lt=4)
    lines = told.exclude(pui__establishment__department=OWN_DEPARTMENT)
    Reception.objects.bulk_create(
        Reception(
            line=one,
            received_on=wave.delivers_on,
            doses=one.shipped_doses,
            lot=f"VA{one.pui_id:04d}",
            expires_on=wave.delivers_on + timedelta(days=30 + one.pui_id % 40),
            told_by=by,
        )
        for one in lines
    )
    SupplyLine.objects.filter(pk__in=lines.values("pk")).update(
        received_whole_at=timezone.now() - timedelta(days=20),
        vaccinated=F("shipped_doses") + F("recipient") % 4,
    )


def noon(days: int) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(12)))


def build_coming(vaccine: Vaccine, asked: list[Asked]) -> None:
    """In twelve days; three pharmacies out of five typed their needs."""
    opening = Opening(
        SECOND,
        vaccine,
        timezone.localdate() + timedelta(days=12),
        noon(5),
    )
    spf = User.objects.get(email=SPF)
    wave, _ = open_wave(by=spf, opening=opening, asked=asked)
    typed = wave.lines.annotate(rank=F("pui") % 5).filter(rank__lt=3)
    own = Pui.objects.filter(
        establishment__department=OWN_DEPARTMENT
    )  # the demonstration types its own
    SupplyLine.objects.filter(pk__in=typed.exclude(pui__in=own).values("pk")).update(
        first_doses=6 + F("recipient") % 7,
        second_doses=24 + F("recipient") % 11 * 6 + F("recipient") % 4,
        need_at=timezone.now(),
        need_by=pharmacist(),
    )
