"""The national cell, two served regions with an ARS that reads its mail, an EHPAD that orders."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone

from epi_stocks.models import EpiItem
from establishments.models import AdministrativeBody, Region
from orders.models import Beneficiary
from orders.services.tensions import Declared, declare_tension
from tests.builders import (
    make_body,
    make_category,
    make_department,
    make_establishment,
    make_person,
    make_region,
)
from tests.orders.builders import GLOVES, MASKS, make_beneficiary, make_item, make_product

DAY = timedelta(days=1)


@dataclass
class World:
    """``centre`` and ``lyon`` are served; the home is in the first."""

    cell: object
    agent: object
    home: Beneficiary
    far: Beneficiary
    centre: Region
    lyon: Region
    masks: EpiItem
    gloves: EpiItem
    today: object = field(default_factory=timezone.localdate)

    @property
    def operator(self):
        return make_person("OCE", on=self.home.place)

    def declare(self, item=None, region=None, starts_on=None, **more):
        by = more.pop("by", self.cell)
        typed = Declared(item or self.masks, region, starts_on or self.today, **more)
        return declare_tension(by=by, typed=typed)


def home_in(department, name):
    place = make_establishment(
        department=department, category=make_category("500", "EHPAD"), siret="9" * 14, name=name
    )
    return make_beneficiary(place)


@pytest.fixture
def world(db):
    masks, gloves = make_item(MASKS), make_item(GLOVES)
    for item in (masks, gloves):
        make_product(item)
    centre = make_region()
    lyon = make_region("84", "Auvergne-Rhône-Alpes")
    for region, box in ((centre, "ars-centre@sante.example"), (lyon, "ars-lyon@sante.example")):
        body = make_body(AdministrativeBody.Kind.ARS, region=region)
        body.mailbox = box
        body.save()
    return World(
        cell=make_person("NAT", domain="distrilog"),
        agent=make_person("ARA", on=centre),
        home=home_in(make_department(), "EHPAD du Parc"),
        far=home_in(make_department("69", "Rhône", lyon), "EHPAD des Pentes"),
        centre=centre,
        lyon=lyon,
        masks=masks,
        gloves=gloves,
    )
