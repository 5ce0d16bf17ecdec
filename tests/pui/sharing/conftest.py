"""Three pharmacies of a region, one of another; cisatracurium is scarce everywhere."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from medications.calendar import calendar_of
from medications.models import MonitoredList, Priority, Product
from pui.medicine import Medicine
from pui.models import PharmacyShare, Pui
from pui.services.adjusting import Adjustment, adjust
from pui.services.sharing import Opening, open_share_out
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)


@dataclass
class Country:
    """Orléans 2 days, Blois 10 days, Tours silent; Lyon 4 days. All consume 10 a day."""

    product: Product
    orleans: Pui
    blois: Pui
    tours: Pui
    lyon: Pui
    cell: object
    agent: object
    gf: object

    @property
    def medicine(self):
        return Medicine(None, self.product.reference, "ampoule")

    def declare(self, pui, stock, daily=10):
        day = calendar_of("autres").past_dues(timezone.now(), 1)[0]
        by = make_person("GF", on=pui.establishment)
        make_transmission(pui, {self.product: (stock, daily)}, by=by, due_on=day)

    def opening(self, quantity=300, **more):
        closes_on = timezone.localdate() + timedelta(days=3)
        typed = {"pack": 1, "closes_on": closes_on} | more
        return Opening(self.medicine, quantity, **typed)

    def open(self, quantity=300, **more):
        return open_share_out(by=self.cell, opening=self.opening(quantity, **more))

    def centre(self, share_out):
        return share_out.regions.get(region="24")

    def share(self, share_out, pui):
        return PharmacyShare.objects.get(share_out=share_out, pui=pui)

    def give(self, share_out, quantities, by=None, **more):
        """Adjust the region: ``{pui: quantity}``, seen as they are now."""
        lines = {self.share(share_out, pui): value for pui, value in quantities.items()}
        asked = Adjustment(
            {one.pk: value for one, value in lines.items()},
            {one.pk: one.quantity for one in lines},
            **more,
        )
        return adjust(by=by or self.agent, regional=self.centre(share_out), asked=asked)


def pharmacy(name, department):
    site = make_establishment(department=department, name=f"CH de {name}")
    return make_pui(f"PUI de {name}", on=site)


@pytest.fixture
def country(db):
    for slug in MonitoredList.Slug.values:
        make_list(slug)
    reference = make_reference("CISATRACURIUM", "20 mg/10 ml")
    product = make_product("CISATRACURIUM, ampoule 10 ml", reference=reference, unit="ampoule")
    make_followed(product, priority=Priority.NATIONAL)
    loiret = make_department()
    rhone = make_department("69", "Rhône", make_region("84", "Auvergne-Rhône-Alpes"))
    orleans = pharmacy("Orléans", loiret)
    made = Country(
        product=product,
        orleans=orleans,
        blois=pharmacy("Blois", loiret),
        tours=pharmacy("Tours", loiret),
        lyon=pharmacy("Lyon", rhone),
        cell=make_person("NAT", domain="dispostock"),
        agent=make_person("ARA", on=make_region()),
        gf=make_person("GF", on=orleans.establishment),
    )
    made.declare(made.orleans, 20)
    made.declare(made.blois, 100)
    made.declare(made.lyon, 40)
    return made
