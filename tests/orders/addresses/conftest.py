"""An EHPAD of Orléans: who orders for it, two administrators, two people of its ARS, another's."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from orders.models import Beneficiary, DeliveryAddress
from orders.services.addresses import ProposedAddress, propose
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.orders.builders import make_beneficiary

WANTED = {
    "label": "Plateforme du groupement",
    "lines": "ZA du Clos, bâtiment 4",
    "postal_code": "45160",
    "town": "OLIVET",
    "reason": "La réserve de l’EHPAD est pleine",
}


@dataclass
class World:
    home: Beneficiary
    orders: User
    head: User
    deputy: User
    ars: User
    ars2: User
    elsewhere: User

    def propose(self, by=None, holder=None, **fields) -> DeliveryAddress:
        wanted = ProposedAddress(**WANTED | fields)
        return propose(by=by or self.orders, holder=holder or self.home, wanted=wanted)


@pytest.fixture
def world(db):
    make_department("45")
    site = make_establishment(address="12 rue des Acacias", postal_code="45000")
    other = make_region("53", "Bretagne")
    return World(
        home=make_beneficiary(site),
        orders=make_person("OCE", on=site),
        head=make_person("APE", on=site),
        deputy=make_person("APE", on=site),
        ars=make_person("ARA", on=site.region),
        ars2=make_person("ARA", on=site.region),
        elsewhere=make_person("ARA", on=other),
    )


@pytest.fixture
def mails(monkeypatch):
    """What would leave: (subject, text, address)."""
    sent = []
    monkeypatch.setattr(
        "accounts.notices.aid.queue_written",
        lambda subject, text, to, **more: sent.append((subject, text, to)),
    )
    return sent
