"""What the home pages say of lines: reports to treat, lines that are late."""

import pytest

from common.home import Kind
from tests.builders import make_person
from tests.vaccines.builders import make_line
from tests.vaccines.corrections.acts import report
from vaccines import home
from vaccines.models import SupplyLine

pytestmark = pytest.mark.django_db


def titles(user):
    return [(card.kind, card.title.replace("\u00a0", " ")) for card in home.cards(user)]


def test_an_agency_and_an_omedit_read_what_waits_in_their_region(two):
    assert titles(two.omedit) == []
    for _ in range(3):
        report(two)
    make_line(two.first, pui=two.blois, recipient=two.bel_air)
    said = [
        (Kind.DECIDE, "Vaccins COVID : 3 signalements à traiter"),
        (Kind.TO_SEE, "Vaccins COVID : 1 ligne en retard"),
    ]
    assert [titles(user) for user in (two.omedit, two.agent, two.cell)] == [said] * 3
    assert titles(two.other_agent) == []
    for reader in (two.gf, make_person("ARL", domain="dispostock")):
        assert titles(reader) == []
    SupplyLine.objects.filter(recipient=two.bel_air).update(first_doses=6, second_doses=0)
    assert len(titles(two.omedit)) == 1
