"""An EHPAD counted by place, its ARS, the national cell, and a neighbour of another region."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from establishments.models import Establishment
from orders.models import Basis, Capacity
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_person,
    make_region,
)
from tests.orders.builders import make_beneficiary, make_item
from tests.orders.doctrine.conftest import group, make_grid, written

YESTERDAY = timezone.localdate() - timedelta(days=1)
BEFORE = date(2026, 1, 1)


def make_capacity(site, quantity, basis=Basis.PLACE, as_of=BEFORE, source="arrêté"):
    return Capacity.objects.create(
        establishment=site, basis=basis, quantity=quantity, as_of=as_of, source=source
    )


def make_site(name="EHPAD", department=None, code="500", **fields):
    category = make_category(code, code)
    return make_establishment(
        department=department, name=name, category=category, siret="9" * 14, **fields
    )


@dataclass
class World:
    ehpad: Establishment
    lyon: Establishment
    person: object
    agent: object
    cell: object


@pytest.fixture
def world(db):
    make_item()
    ehpad = make_site("EHPAD Les Tilleuls")
    rhone = make_department("69", "Rhône", make_region("84", "Auvergne-Rhône-Alpes"))
    lyon = make_site("EHPAD des Gones", rhone)
    for site in (ehpad, lyon):
        make_beneficiary(site)
    written(make_grid(group(masks="5", gloves="40"), starts_on=BEFORE))
    return World(
        ehpad,
        lyon,
        make_person("OCE", on=ehpad),
        make_person("ARA", on=make_region()),
        make_person("NAT", domain="distrilog"),
    )
