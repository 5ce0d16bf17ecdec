"""Two regions with pharmacies and the places that they serve, as the tests of waves use them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.utils import timezone

from establishments.models import AdministrativeBody
from pui.models import Pui, ServedEstablishment
from tests.builders import make_category, make_department, make_establishment, make_person
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_vaccine
from vaccines.models import Vaccine
from vaccines.services.waves import Opening
from vaccines.waves.asked import Asked

LONG_AGO = date(2020, 1, 1)


@dataclass
class World:
    """SPF, the national cell, and two hospitals that serve three EHPADs each."""

    vaccine: Vaccine
    first: Pui
    second: Pui
    served: dict = field(default_factory=dict)
    spf: object = None
    national: object = None

    @property
    def places(self):
        return [place for places in self.served.values() for place in places]

    def day(self, days=14):
        return timezone.localdate() + timedelta(days=days)

    def opening(self, label="Vague 1", **fields):
        defaults = {
            "vaccine": self.vaccine,
            "delivers_on": self.day(),
            "needs_due_at": timezone.now() + timedelta(days=7),
        }
        return Opening(label, **defaults | fields)

    def asked(self, places=None, **parts):
        rows = self.places if places is None else places
        return [Asked(number, one.finess, **parts) for number, one in enumerate(rows, start=2)]


def serve(pui, count=3, department=None):
    category = make_category("500", "Etablissement d’hébergement pour personnes âgées")
    places = [
        make_establishment(name=f"EHPAD {pui.label} {n}", category=category, department=department)
        for n in range(1, count + 1)
    ]
    ServedEstablishment.objects.bulk_create(
        ServedEstablishment(pui=pui, establishment=one, starts_on=LONG_AGO) for one in places
    )
    return places


@pytest.fixture
def world(db):
    loir = make_department("41", "Loir-et-Cher")
    first = make_pui("PUI d’Orléans", contact_email="pui.orleans@sante.example")
    second = make_pui("PUI de Blois", on=make_establishment(department=loir))
    made = World(vaccine=make_vaccine(doses=6), first=first, second=second)
    made.served = {first: serve(first), second: serve(second, department=loir)}
    made.spf = make_person("SPF", domain="dispostock")
    AdministrativeBody.objects.filter(kind="spf").update(name="Santé publique France")
    made.national = make_person("NAT", domain="dispostock")
    return made
