"""A region of two departments, a neighbour, four DCIs; stocks declared at the last due days."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from common.weeks import PARIS
from medications.calendar import calendar_of
from medications.models import MonitoredList, Priority, Product
from pui.models import Pui
from pui.region.filters import RegionFilter
from pui.region.refreshing import refresh_all
from pui.region.scope import scope_for
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)

REGION = "/dispostock/region/"
NOW = datetime(2020, 11, 24, 9, 52, tzinfo=PARIS)  # a Tuesday: lists are due on Fridays


@pytest.fixture
def now(monkeypatch):
    """Tuesday 24 November 2020; the last due day is Friday 20."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for slug in MonitoredList.Slug.values:
        make_list(slug)
    return NOW


@dataclass
class World:
    cis: Product
    mida: Product
    other: Product
    orleans: Pui
    bourges: Pui
    lyon: Pui

    def declare(self, pui, lines, back=1, at=None):
        """``back``: 0 for the due day expected, 1 for the last one past, and so on."""
        calendar = calendar_of("autres")
        days = [calendar.expected(NOW).due_on, *calendar.past_dues(NOW, 4)]
        by = make_person("GF", on=pui.establishment)
        moment = at or (NOW if back < 2 else calendar.due_at(days[back]))
        return make_transmission(pui, lines, by=by, due_on=days[back], now=moment)

    def refresh(self):
        refresh_all(NOW)


@pytest.fixture
def world(db, now):
    loiret, cher = make_department(), make_department("18", "Cher")
    rhone = make_department("69", "Rhône", make_region("84", "Auvergne-Rhône-Alpes"))

    def pui(label, department, **fields):
        site = make_establishment(department=department, name=f"CH de {label}")
        return make_pui(f"PUI de {label}", on=site, **fields)

    def product(name, priority):
        reference = make_reference(name, "10 mg")
        made = make_product(f"{name} 10 mg, ampoule", reference=reference, unit="ampoule")
        return make_followed(made, priority=priority)

    return World(
        cis=product("CISATRACURIUM", Priority.NATIONAL),
        mida=product("MIDAZOLAM", Priority.NATIONAL),
        other=product("PARACETAMOL", Priority.NORMAL),
        orleans=pui("Orléans", loiret, contact_name="Garde", contact_phone="02 61 91 00 00"),
        bourges=pui("Bourges", cher),
        lyon=pui("Lyon", rhone),
    )


@pytest.fixture
def ars(client_for, world):
    return client_for("ARA")


@pytest.fixture
def national(world):
    client = Client()
    client.force_login(make_person("NAT", domain="dispostock"))
    return client


def read(user, **asked):
    query = QueryDict(mutable=True)
    query.update(asked)
    return scope_for(user, RegionFilter(query, user=user), NOW)


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def rows_of(answer):
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


@pytest.fixture
def declared(world):
    """Orléans 5 days of cisatracurium, Bourges 100; midazolam plenty; Lyon nothing left."""
    world.declare(world.orleans, {world.cis: (50, 10), world.mida: (900, 1)})
    world.declare(world.bourges, {world.cis: (1000, 10), world.mida: (900, 1)})
    world.declare(world.lyon, {world.cis: (0, 5)})
    world.refresh()
    return world
