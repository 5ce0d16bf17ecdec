"""Two pharmacies of the Loiret, one of Lyon; a season whose needs are typed, the one before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.models import Pui
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.pui.builders import make_followed, make_list, make_product, make_pui, make_transmission
from tests.vaccines.builders import make_campaign, make_group
from vaccines.models import FluCampaign, TargetGroup
from vaccines.services.flu import Asked, Told, send_request, tell_delivered, version_of


@dataclass
class World:
    """Needs open until ``due`` for « coming »; « past » vaccinates since a month."""

    orleans: Pui
    blois: Pui
    lyon: Pui
    past: FluCampaign
    coming: FluCampaign
    residents: TargetGroup
    staff: TargetGroup
    gf: object
    agent: object
    cell: object

    def ask(self, pui, residents=None, staff=None, *, comment="", campaign=None, **more):
        doses = {self.residents.pk: residents, self.staff.pk: staff}
        asked = Asked({pk: one for pk, one in doses.items() if one is not None}, comment)
        by = more.pop("by", None) or make_person("GF", on=pui.establishment)
        return send_request(by=by, campaign=campaign or self.coming, pui=pui, asked=asked, **more)

    def tell(self, pui, doses, reason="", **more):
        by = more.pop("by", None) or make_person("GF", on=pui.establishment)
        return tell_delivered(by=by, campaign=self.past, pui=pui, told=Told(doses, reason), **more)

    def again(self, row, *args, **more):
        """Change a request, seen as it is now."""
        return self.ask(row.pui, *args, seen=version_of(row), **more)

    def declare(self, pui, stock, daily=10):
        """The stock of the list « grippe », at the last due day past."""
        product = make_followed(make_product("VACCIN GRIPPE, seringue"), slug="grippe")
        day = calendar_of("grippe").past_dues(timezone.now(), 1)[0]
        by = make_person("GF", on=pui.establishment)
        lines = {product: (stock, daily)}
        make_transmission(pui, lines, by=by, due_on=day, slug="grippe")

    def close(self):
        """The deadline is past."""
        self.coming.needs_due_at = timezone.now() - timedelta(hours=1)
        self.coming.save()

    @property
    def before(self) -> datetime:
        """While the needs of the past season were typed."""
        return self.past.needs_due_at - timedelta(days=3)


def pharmacy(name, department):
    site = make_establishment(department=department, name=f"CH de {name}")
    return make_pui(f"PUI de {name}", on=site)


SEVERAL_DOMAINS = ("ARL", "NAT", "NAL", "SPF")


def person(code, on=None):
    """Of e-Dispostock, where the role is held in several domains."""
    return make_person(code, on=on, domain="dispostock" if code in SEVERAL_DOMAINS else None)


@pytest.fixture
def world(db):
    for slug in MonitoredList.Slug.values:
        make_list(slug)
    today, now = timezone.localdate(), timezone.now()
    past = make_campaign(
        "2020-2021",
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=60),
        needs_open_on=today - timedelta(days=250),
        needs_due_at=now - timedelta(days=200),
    )
    coming = make_campaign(
        "2021-2022",
        starts_on=today + timedelta(days=300),
        ends_on=today + timedelta(days=400),
        needs_open_on=today - timedelta(days=10),
        needs_due_at=now + timedelta(days=9),
    )
    loiret = make_department()
    rhone = make_department("69", "Rhône", make_region("84", "Auvergne-Rhône-Alpes"))
    orleans = pharmacy("Orléans", loiret)
    return World(
        orleans=orleans,
        blois=pharmacy("Blois", make_department("41", "Loir-et-Cher")),
        lyon=pharmacy("Lyon", rhone),
        past=past,
        coming=coming,
        residents=make_group("Résidents"),
        staff=make_group("Professionnels"),
        gf=make_person("GF", on=orleans.establishment),
        agent=make_person("ARA", on=make_region()),
        cell=make_person("NAT", domain="dispostock"),
    )
