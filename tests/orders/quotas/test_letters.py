"""The ARS read what their region receives; who orders reads the extra that is theirs."""

import pytest
from django.core import mail

from orders.quotas import letters
from orders.quotas.letters import ordering_addresses, write_extra, write_publication
from orders.services.extras import give_extra, withdraw_extra
from tests.builders import make_department, make_person, make_region
from tests.orders.quotas.builders import make_place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(monkeypatch):
    """What would be queued, at once."""
    sent = []

    def write_to(addresses, *, subject, lines, path):
        text = " ".join(lines).replace("\u202f", " ").replace("\u00a0", " ")
        sent.append((list(addresses), subject, text, path))

    monkeypatch.setattr(letters, "write_to", write_to)
    return sent


def test_each_ars_reads_the_figures_of_its_region(world, outbox):
    region = make_region("93", "Provence", mailbox="ars-paca@ars.example")
    make_place(40, department=make_department("13", "Bouches-du-Rhône", region))
    published = world.publish(pool=4_000, pools_percent=10)
    assert write_publication(published.pk) == 2
    told = {subject: (addresses, text) for addresses, subject, text, _ in outbox}
    assert len(told) == 1
    south = next(one for one in outbox if one[0] == ["ars-paca@ars.example"])
    assert "600 unités par semaine pour 1 bénéficiaire." in south[2]
    assert "Pot commun de votre région : 100 unités par semaine." in south[2]
    assert south[3].endswith(f"?semaine={published.starts_on:%Y-%m-%d}&equipement=1")


def test_an_extra_is_told_to_who_orders_and_to_the_ars(world, outbox):
    operator = make_person("OCE", on=world.small.establishment)
    make_person("APE", on=world.small.establishment)
    world.publish(pool=2_150)
    quota = world.quota(world.small)
    extra = give_extra(by=world.first, quota=quota, quantity=100, reason="Foyer de cas")
    write_extra(extra.pk, is_back=False)
    (addresses, subject, text, path) = outbox[-1]
    assert operator.email in addresses
    assert "100 de plus" in subject
    assert "Foyer de cas" in text
    assert path.endswith(f"/{quota.pk}/")
    withdraw_extra(by=world.first, extra=extra)
    write_extra(extra.pk, is_back=True)
    assert "100 non commandés repris" in outbox[-1][1]


def test_without_an_operator_its_administrator_is_told(world):
    ape = make_person("APE", on=world.small.establishment)
    assert ordering_addresses([world.small]) == {world.small.pk: [ape.email]}
    assert mail.outbox == []
