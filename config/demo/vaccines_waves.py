"""Two waves of a COVID vaccine: one delivered, one whose needs are half typed; a flow B.

Every EHPAD and USLD that a pharmacy serves, and in the other departments those that their hospital
is asked to serve: about 300 lines each.
"""

from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from config.demo.country import FIRST_REGION
from establishments.models import Establishment
from medications.models import Product
from pui.models import Pui, ServedEstablishment
from vaccines.models import SupplyLine, Vaccine, VialDoses, Wave
from vaccines.services.waves import Opening, open_wave, write_lines
from vaccines.waves.asked import Asked
from vaccines.waves.drafting import check

SPF = "spf@demo.example"
CODE, GTIN = "9920015", "03400999990998"
VIALS = ((date(2020, 12, 27), 5), (date(2021, 1, 8), 6))
RECIPIENTS, HOSPITAL = ("500", "362"), "355"
MOST_LINES = 300
FIRST, SECOND = "EHPAD et USLD, 1re livraison", "EHPAD et USLD, 2e livraison"


def build_waves() -> int:
    """Write what is missing; say how many lines there are."""
    with transaction.atomic():
        vaccine = build_vaccine()
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
        defaults={"label": "Vaccin ARNm, laboratoire I", "gtin": GTIN, "interval_days": 21},
    )
    if is_new:
        VialDoses.objects.bulk_create(
            VialDoses(vaccine=vaccine, starts_on=day, doses=doses) for day, doses in VIALS
        )
    return vaccine


def recipients() -> list[Asked]:
    """The first region has a pivot hospital: what its own department receives is of flow B."""
    puis = Pui.objects.filter(closed_on=None, establishment__category=HOSPITAL)
    hospitals: dict[str, str] = {}
    for pui in puis.select_related("establishment").order_by("establishment__finess"):
        hospitals.setdefault(pui.establishment.department_id or "", pui.establishment.finess)
    sites = Establishment.objects.filter(
        is_fictitious=True, closed_on=None, category__in=RECIPIENTS, puis=None
    ).order_by("department", "finess")
    pivot_department = _pivot_department(hospitals)
    known = set(ServedEstablishment.objects.values_list("establishment", flat=True))
    found = []
    for department, places in groupby(sites, key=lambda one: one.department_id or ""):
        hospital = hospitals.get(department)
        for place in places:
            served = place.pk in known
            if not (hospital or served):
                continue
            pivot = hospital if department == pivot_department and hospital else ""
            pui = "" if served else hospital or ""
            found.append(Asked(len(found) + 1, place.finess, pui=pui, pivot=pivot))
    return _first_of(found)


def _first_of(found: list[Asked]) -> list[Asked]:
    """Those of flow B, then the others until there are enough."""
    ranked = sorted(found, key=lambda one: (not one.pivot, one.number))
    return ranked[:MOST_LINES]


def _pivot_department(hospitals: dict[str, str]) -> str:
    """One of the first region, but not that of the pharmacist of the demonstration."""
    codes = Establishment.objects.filter(
        region=FIRST_REGION, finess__in=hospitals.values()
    ).order_by("department")
    others = codes.exclude(department="45").values_list("department", flat=True)
    return others.first() or ""


def build_delivered(vaccine: Vaccine, asked: list[Asked]) -> None:
    """Three weeks ago: needs typed, planned, shipped; what was received is told by pharmacies."""
    spf, day = User.objects.get(email=SPF), timezone.localdate() - timedelta(days=21)
    wave = Wave.objects.create(
        label=FIRST,
        vaccine=vaccine,
        delivers_on=day,
        needs_due_at=timezone.now() - timedelta(days=28),
        opened_by=spf,
    )
    write_lines(wave, check(asked, vaccine, day).new)
    told_at = timezone.now() - timedelta(days=29)
    wave.lines.update(
        first_doses=24 + F("recipient") % 11 * 6,
        second_doses=0,
        need_at=told_at,
        need_by=spf,
    )
    wave.lines.update(
        expected_on=day,
        planned_doses=F("first_doses"),
        planned_at=told_at + timedelta(days=3),
        planned_by=spf,
        shipped_on=day,
        shipped_doses=F("first_doses"),
    )


def build_coming(vaccine: Vaccine, asked: list[Asked]) -> None:
    """In twelve days; three pharmacies out of five typed their needs."""
    opening = Opening(
        SECOND,
        vaccine,
        timezone.localdate() + timedelta(days=12),
        timezone.now() + timedelta(days=5),
    )
    spf = User.objects.get(email=SPF)
    wave, _ = open_wave(by=spf, opening=opening, asked=asked)
    typed = wave.lines.annotate(rank=F("pui") % 5).filter(rank__lt=3)
    own = Pui.objects.filter(establishment__department="45")  # the demonstration types its own
    SupplyLine.objects.filter(pk__in=typed.exclude(pui__in=own).values("pk")).update(
        first_doses=6 + F("recipient") % 7,
        second_doses=24 + F("recipient") % 11 * 6,
        need_at=timezone.now(),
        need_by=spf,
    )
