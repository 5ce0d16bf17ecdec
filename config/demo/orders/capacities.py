"""Capacities of every site, three corrections asked.

Every number is drawn from the FINESS number: the same world each time.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from zlib import crc32

from django.db.models import Q
from django.utils import timezone

from accounts.models import Habilitation, Profile, Role, User
from config.demo.country import FIRST_REGION
from establishments.models import Establishment
from establishments.rules import beneficiary_categories
from orders.doctrine.reading import doctrine_on, groups_by_category
from orders.models import Basis, Capacity, CapacityRequest, DoctrineGroup

KNOWN_ON = date(timezone.localdate().year - 1, 12, 31)
SOURCE = "statistique annuelle des établissements (fictive)"
UNKNOWN = 0.03  # of the sites: their number was never sent
SIZES = {  # category → fewest, most
    "101": (900, 2_600), "355": (120, 900), "106": (40, 160), "128": (60, 260), "129": (60, 220),
    "365": (80, 300), "292": (120, 450), "109": (40, 140), "362": (20, 90), "500": (35, 160),
    "501": (20, 80), "202": (20, 90), "127": (15, 90), "354": (20, 80), "246": (30, 140),
    "183": (25, 90), "255": (20, 60), "437": (15, 50), "382": (15, 60), "446": (15, 70),
}  # fmt: skip
USUAL = (8, 60)
TOLD = {"EHPAD Résidence du Parc": 80}  # as on the drawings
STAFF = {Basis.BED: 1.4, Basis.PLACE: 0.7, Basis.PROFESSIONAL: 0.0}  # professionals for each
BATCH = 5_000
ASKED = (
    ("ehpad@demo.example", "EHPAD Résidence du Parc", 12, "Extension de 12 places autorisée par "
     "arrêté du 02/09, ouverte le 01/10."),
)  # fmt: skip
REASONS = (
    "Ouverture d’une unité de 8 places, procès-verbal de conformité joint au dossier de l’ARS.",
    "Le nombre connu date d’avant la fermeture d’une aile pour travaux.",
)


def build_capacities() -> None:
    """Add what is missing."""
    if not Capacity.objects.exists():
        Capacity.objects.bulk_create(_capacities(), batch_size=BATCH)
    if not CapacityRequest.objects.exists():
        _ask()


def draw(finess: str, word: str) -> float:
    """A number from 0 to 1, always the same."""
    return crc32(f"{finess} {word}".encode()) / 2**32


def _capacities():
    """In the basis of the group, and the professionals; a few sites have no number."""
    groups = groups_by_category(doctrine_on(timezone.localdate()))
    codes = beneficiary_categories(timezone.localdate())
    sites = Establishment.objects.open().filter(category__in=codes).order_by("pk")
    fields = ("pk", "finess", "name", "category_id")
    for pk, finess, name, code in sites.values_list(*fields).iterator():
        group = groups.get(code)
        if group is None or (draw(finess, "unknown") < UNKNOWN and name not in TOLD):
            continue
        yield from _of_site(pk, TOLD.get(name) or _size(finess, code), group)


def _size(finess: str, code: str) -> int:
    fewest, most = SIZES.get(code, USUAL)
    return fewest + int((most - fewest) * draw(finess, "size"))


def _of_site(pk: int, quantity: int, group: DoctrineGroup):
    yield _capacity(pk, group.basis, quantity)
    if staff := STAFF[group.basis]:
        yield _capacity(pk, Basis.PROFESSIONAL, round(quantity * staff))


def _capacity(site: int, basis: str, quantity: int) -> Capacity:
    return Capacity(
        establishment_id=site, basis=basis, quantity=quantity, as_of=KNOWN_ON, source=SOURCE
    )


def _ask() -> None:
    """Two in the first region, one elsewhere; that of the EHPAD of the demonstration first."""
    for email, name, more, reason in ASKED:
        site = Establishment.objects.filter(name=name, category="500").first()
        person = User.objects.filter(email=email).first()
        if site and person:
            _request(site, person, more, reason, days=4)
    administrators = Profile.objects.filter(
        habilitations__in=Habilitation.objects.in_force().filter(role=Role.ADMINISTRATOR),
        legal_entity__is_fictitious=True,
    )
    for is_near, more, reason, days in ((True, 8, REASONS[0], 2), (False, -6, REASONS[1], 1)):
        here = Q(legal_entity__region=FIRST_REGION)
        rows = administrators.filter(here if is_near else ~here)
        found = _first_ehpad(rows.select_related("user").order_by("legal_entity__finess", "pk"))
        if found:
            _request(*found, more, reason, days)


def _first_ehpad(profiles: Iterable[Profile]) -> tuple[Establishment, User] | None:
    """Of an administrator, with a number known."""
    for profile in profiles:
        sites = Establishment.objects.open().filter(
            legal_entity=profile.legal_entity_id, category="500", capacities__basis=Basis.PLACE
        )
        if site := sites.order_by("finess").first():
            return site, profile.user
    return None


def _request(site: Establishment, person: User, more: int, reason: str, days: int) -> None:
    known = Capacity.objects.filter(establishment=site, basis=Basis.PLACE).first()
    quantity = known.quantity if known else None
    row = CapacityRequest.objects.create(
        establishment=site,
        basis=Basis.PLACE,
        known=quantity,
        asked=max((quantity or 40) + more, 1),
        reason=reason,
        asked_by=person,
    )
    earlier = timezone.now() - timedelta(days=days)
    CapacityRequest.objects.filter(pk=row.pk).update(asked_at=earlier)
