"""The places and the people of the trial, made by the builders of the tests; then plain values.

    python -m tests.faults.world FILE FIRST_NUMBER

In a process of its own, whose clock is that of the service. Clients run while the database is
killed: they ask it nothing.
"""

import pickle
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.tokens import create_token
from common.weeks import current_week
from epi_stocks.views.inventory_ticket import Ticket
from medications.calendar import calendar_of
from medications.models import Monitoring, Product
from orders.models import Quota, Stock
from tests import builders
from tests.builders import make_establishment, make_legal_entity, make_person, make_user
from tests.orders import builders as order_builders
from tests.orders.ordering.world import located_for
from tests.pui.builders import LONG_AGO, make_list, make_pui, make_reference

ITEMS = (1, 2, 3, 5, 6, 7)
FILE_LINES, MACHINE_LINES = 600, 5
HOMES, PHARMACIES, NEWCOMERS, FORGETFUL = 4, 6, 480, 120  # people for all the scenarios
PACK, SCARCE, SMALL = 50, 50 * 400, 50 * 6
LIFE = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Grid:
    finess: str
    cells: str  # addresses
    page: str
    ticket: str
    emails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A beneficiary that orders: its product is that of the others, its quota its own."""

    email: str
    product: int
    address: int


@dataclass(frozen=True, slots=True)
class Pharmacy:
    pui: int
    token: str
    email: str
    due_on: str


@dataclass
class World:
    grids: list[Grid] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    pharmacies: list[Pharmacy] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    newcomers: list[str] = field(default_factory=list)  # e-mails, without any profile
    forgetful: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)  # where newcomers ask for a profile
    stock: int = 0


def make_world(first: int) -> World:
    """``first``: where the numbers of the builders begin, so that two worlds share nothing."""
    builders._numbers = count(first)
    order_builders._numbers = count(first)
    hash_once()
    world = World()
    world.grids = [make_grid() for _ in range(3)]
    make_homes(world)
    make_pharmacies(world, 9_100_000 + first)
    entity = make_legal_entity()
    world.places = [make_establishment(entity).finess for _ in range(4)]
    make_person("APE", on=entity)
    world.newcomers = [make_user().email for _ in range(NEWCOMERS)]
    world.forgetful = [make_user().email for _ in range(FORGETFUL)]
    return world


def hash_once() -> None:
    """Hundreds of people with one password: it is hashed once, in this process alone."""
    hashed = make_password(builders.PASSWORD)
    User.set_password = lambda self, _password: setattr(self, "password", hashed)


def make_grid() -> Grid:
    """Two people on one grid."""
    site, week = make_establishment(), current_week()
    where = [site.finess, week]
    return Grid(
        finess=site.finess,
        cells=reverse("epi_stocks:inventory_cells", args=where),
        page=reverse("epi_stocks:inventory", args=where),
        ticket=Ticket(site.finess, site.pk, week).sealed(),
        emails=tuple(make_person("OIE", on=site).email for _ in range(2)),
    )


def make_homes(world: World) -> None:
    """The last has a small quota: it is refused most of what it asks."""
    first = None
    for rank in range(HOMES):
        one = located_for()
        first = first or one
        granted = SMALL if rank == HOMES - 1 else 1_000 * PACK
        Quota.objects.filter(pk=one.quota.pk).update(granted=granted)
        world.homes.append(Home(one.operator.email, first.masks.pk, one.address.pk))
    Stock.objects.filter(pk=first.stock.pk).update(available=SCARCE)
    world.stock = first.stock.pk


def make_pharmacies(world: World, first_code: int) -> None:
    followed = make_list()
    world.codes = follow(followed, [str(first_code + number) for number in range(FILE_LINES)])
    due_on = calendar_of(followed).expected(timezone.now()).due_on
    for rank in range(PHARMACIES):
        pui = make_pui(f"PUI {rank}")
        keeper = make_person("APE", on=pui.establishment)
        entity = keeper.active_profile.entity
        token = create_token(entity, ["pui.transmit"], by=keeper, label="essai", life=LIFE)[1]
        person = make_person("GF", on=pui.establishment)
        world.pharmacies.append(Pharmacy(pui.pk, token, person.email, due_on.isoformat()))


def follow(followed, codes: list[str]) -> list[str]:
    """Products that a list follows, more than a page reads at once."""
    reference = make_reference()
    Product.objects.bulk_create(
        Product(
            code=code,
            label=f"PRODUIT {code} 5 mg/ml, solution injectable en ampoule de dix millilitres",
            reference=reference,
            substance=reference.substance,
            is_fictitious=True,
        )
        for code in codes
    )
    Monitoring.objects.bulk_create(
        Monitoring(monitored_list=followed, product=product, starts_on=LONG_AGO)
        for product in Product.objects.filter(code__in=codes)
    )
    return codes


def stock_file(codes: list[str], number: int) -> bytes:
    """One that the task worker reads, unlike any other."""
    rows = [f"{code};PRODUIT {code} ampoule de dix millilitres, boîte de dix unités ou de cent"
            f" selon le fabricant;{400 + number};35,5" for code in codes]  # fmt: skip
    return ("\n".join(["UCD;Libellé;Quantité en stock;CMJ", *rows]) + "\n").encode()


if __name__ == "__main__":
    # under the name that the reader knows
    from tests.faults import world as module

    Path(sys.argv[1]).write_bytes(pickle.dumps(module.make_world(int(sys.argv[2]))))
