"""The doctrine that a new installation begins with: an example, for the national cell to replace.

One ratio is a fact: five surgical masks a place and week in the médico-social in March 2020. The
others are plausible, and the text of the doctrine says so.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from epi_stocks.models import EpiItem
from establishments.models import EstablishmentCategory
from orders.doctrine.grid import Grid, GroupGrid, write_grid
from orders.models import Basis, Doctrine

FIRST_DAY: Final = date(2020, 3, 2)
LABEL: Final = "Doctrine d’exemple, mars 2020"
NOTE: Final = (
    "Cinq masques chirurgicaux par place et par semaine pour le médico-social\u00a0: c’est la "
    "dotation de mars 2020. Tous les autres ratios sont des exemples plausibles, à remplacer par "
    "la doctrine d’usage en vigueur. Une case vide\u00a0: l’équipement n’est pas prévu pour ce "
    "groupe."
)
MASKS, FFP2, PUBLIC, GLOVES, GOWNS, APRONS, CAPS, GOGGLES = range(1, 9)
Group = tuple[str, Basis, dict[int, str], tuple[str, ...]]
GROUPS: Final[tuple[Group, ...]] = (
    (
        "Hôpital, court séjour",
        Basis.BED,
        {MASKS: "25", FFP2: "8", GLOVES: "90", GOWNS: "7", APRONS: "10", CAPS: "8", GOGGLES: "0.2"},
        ("101", "106", "114", "122", "128", "129", "131", "355", "365", "433", "697"),
    ),
    (
        "Soins de suite et longue durée",
        Basis.BED,
        {MASKS: "15", FFP2: "3", GLOVES: "60", GOWNS: "4", APRONS: "8", CAPS: "4", GOGGLES: "0.1"},
        ("109", "362"),
    ),
    (
        "Santé mentale",
        Basis.BED,
        {MASKS: "10", FFP2: "1", GLOVES: "20", GOWNS: "1", APRONS: "2", CAPS: "1"},
        ("156", "161", "292", "412", "425", "430", "444"),
    ),
    (
        "Dialyse et hospitalisation à domicile",
        Basis.PLACE,
        {MASKS: "15", FFP2: "4", GLOVES: "60", GOWNS: "4", APRONS: "6", CAPS: "4", GOGGLES: "0.1"},
        ("127", "141", "146"),
    ),
    (
        "EHPAD et hébergement de personnes âgées",
        Basis.PLACE,
        {MASKS: "5", FFP2: "1", GLOVES: "40", GOWNS: "2", APRONS: "7", CAPS: "2", GOGGLES: "0.05"},
        ("202", "500", "501", "502"),
    ),
    (
        "Handicap, avec hébergement",
        Basis.PLACE,
        {MASKS: "5", FFP2: "0.5", GLOVES: "20", GOWNS: "1", APRONS: "3", CAPS: "1"},
        ("188", "238", "252", "253", "255", "370", "377", "379", "382", "390", "395", "396",
         "437", "448", "449"),
    ),
    (
        "Handicap, sans hébergement",
        Basis.PLACE,
        {MASKS: "5", GLOVES: "5", APRONS: "1"},
        ("183", "186", "192", "194", "195", "196", "198", "246", "249"),
    ),
    (
        "Services à domicile et ambulatoires",
        Basis.PLACE,
        {MASKS: "5", FFP2: "0.5", GLOVES: "20", GOWNS: "1", APRONS: "2"},
        ("189", "190", "354", "445", "446"),
    ),
    (
        "Précarité et addictologie",
        Basis.PROFESSIONAL,
        {MASKS: "10", FFP2: "1", GLOVES: "20", APRONS: "2"},
        ("178", "180", "197", "213"),
    ),
)  # fmt: skip


@transaction.atomic
def load_doctrine() -> int:
    """Write the example where no doctrine was ever written; categories not known are left out."""
    if Doctrine.objects.exists():
        return 0
    items = frozenset(EpiItem.objects.filter(parent=None).values_list("pk", flat=True))
    known = frozenset(EstablishmentCategory.objects.values_list("pk", flat=True))
    groups = tuple(
        GroupGrid(
            label,
            basis,
            {item: Decimal(value) for item, value in ratios.items() if item in items},
            known.intersection(codes),
        )
        for label, basis, ratios, codes in GROUPS
    )
    grid = Grid(LABEL, FIRST_DAY, NOTE, groups)
    doctrine = Doctrine.objects.create(label=LABEL, starts_on=FIRST_DAY, note=NOTE)
    write_grid(doctrine, grid)
    return 1
