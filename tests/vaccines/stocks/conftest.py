"""For each of the three lists of vaccines: two products, a pharmacy, those who declare and read."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from medications.calendar import calendar_of
from medications.models import MonitoredList, Product
from pui.models import Pui
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.pui.builders import make_followed, make_list, make_product, make_pui, make_transmission
from tests.vaccines.flu.conftest import person

Slug = MonitoredList.Slug
LISTS = (Slug.FLU, Slug.COVID, Slug.DEVICES)
CODES = {Slug.FLU: "9999101", Slug.COVID: "9999201", Slug.DEVICES: "DSV0001"}
OTHER_CODES = {Slug.FLU: "9999118", Slug.COVID: "9999218", Slug.DEVICES: "DSV0002"}


@dataclass
class World:
    """``pui`` declares; ``late`` has not; ``far`` is of another region."""

    slug: str
    first: Product
    second: Product
    pui: Pui
    late: Pui
    far: Pui
    gf: object

    @property
    def due_on(self) -> date:
        """The one expected now."""
        return calendar_of(self.slug).expected(timezone.now()).due_on

    @property
    def past_on(self) -> date:
        return calendar_of(self.slug).past_dues(timezone.now(), 1)[0]

    def declare(self, pui, stock=420, daily=35, due_on=None):
        by = make_person("GF", on=pui.establishment)
        day = due_on or self.past_on
        return make_transmission(
            pui, {self.first: (stock, daily)}, by=by, due_on=day, slug=self.slug
        )


@pytest.fixture(params=LISTS)
def world(request, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    slug = request.param
    for one in Slug.values:
        make_list(one)
    kind = Product.Kind.DEVICE if slug == Slug.DEVICES else Product.Kind.VACCINE
    fields = {"kind": kind} | ({"substance": None} if kind == Product.Kind.DEVICE else {})
    names = ("Seringue 1 ml", "Aiguille 25G") if slug == Slug.DEVICES else ("VACCIN A", "VACCIN B")
    first, second = (
        make_followed(make_product(name, code=codes[slug], **fields), slug=slug)
        for name, codes in zip(names, (CODES, OTHER_CODES), strict=True)
    )
    rhone = make_department("69", "Rhône", make_region("84", "Auvergne-Rhône-Alpes"))
    pui = make_pui("PUI de Combe-Verte")
    return World(
        slug,
        first,
        second,
        pui,
        late=make_pui("PUI de Font-Neuve"),
        far=make_pui("PUI de Clairval", on=make_establishment(department=rhone)),
        gf=make_person("GF", on=pui.establishment),
    )


@pytest.fixture
def web_of():
    """A browser of its own for a role."""

    def logged(code, on=None):
        client = Client()
        client.force_login(person(code, on) if isinstance(code, str) else code)
        return client

    return logged
