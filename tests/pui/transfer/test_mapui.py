"""What maPUI sends is taken during the switch-over, marked, and never counted twice [001]."""

from datetime import date, datetime

import pytest

from common.weeks import PARIS
from medications.models import Product
from pui.models import LatestStock, SwitchOver, Transmission
from pui.services.transmitting import TransmittingError, confirm
from pui.transfer.preview import preview_of
from tests.pui.builders import make_followed, make_product, make_reference, make_transmission
from tests.pui.transfer.conftest import NOW

pytestmark = pytest.mark.django_db
HEADER = "Molécule;Dosage;Stock;CMJ"


@pytest.fixture
def switching(pui):
    region = pui.establishment.region
    return SwitchOver.objects.create(
        region=region, switches_on=date(2020, 11, 2), ends_on=date(2020, 11, 30)
    )


@pytest.fixture
def midazolam():
    reference = make_reference()
    make_followed(make_product(reference=reference, code="9999022"))
    return make_followed(make_product(reference=reference, code="9999021"))


def test_a_molecule_and_a_strength_are_one_line_of_the_reference(switching, midazolam, send, gf):
    row = send("MIDAZOLAM;5mg/mL;90;9", header=HEADER)
    preview = preview_of(row)
    assert (row.origin, preview.is_virtual) == (Transmission.Origin.MAPUI, True)
    assert (preview.read, preview.followed, preview.missing) == (1, 1, [])
    product = preview.fine[0].product
    assert (product.kind, product.reference) == (Product.Kind.VIRTUAL, midazolam.reference)
    confirm(row, by=gf, version=preview.version, now=NOW)
    assert LatestStock.objects.get().product == product


def test_it_never_stands_beside_the_ucds_of_the_same_reference(
    switching, midazolam, send, pui, gf, due_days
):
    make_transmission(pui, {midazolam: (80, 9)}, by=gf, due_on=due_days[0], now=NOW)
    row = send("MIDAZOLAM;5 mg/ml;90;9", header=HEADER)
    confirm(row, by=gf, version=1, now=NOW)
    assert LatestStock.objects.get().stock == 90


def test_it_is_refused_once_the_switch_over_is_ended(switching, midazolam, send):
    after = datetime(2020, 12, 1, 9, tzinfo=PARIS)
    with pytest.raises(TransmittingError, match="Depuis le 30/11/2020"):
        send("MIDAZOLAM;5 mg/ml;90;9", header=HEADER, now=after, due_on=date(2020, 12, 4))


def test_it_is_refused_in_a_region_without_a_switch_over(midazolam, send):
    with pytest.raises(TransmittingError, match="un code UCD par ligne"):
        send("MIDAZOLAM;5 mg/ml;90;9", header=HEADER)


def test_a_molecule_written_otherwise_is_proposed(switching, midazolam, send):
    preview = preview_of(send("MIDAZOLAM inj.;5 mg/ml;90;9", header=HEADER))
    assert "même libellé" in preview.unknown[0].line.proposals[0].reason


def test_the_virtual_products_are_made_once_and_asked_of_nobody_else(switching, midazolam, send):
    send("MIDAZOLAM;5 mg/ml;90;9", header=HEADER)
    send("MIDAZOLAM;5 mg/ml;91;9", header=HEADER)
    assert Product.objects.filter(kind=Product.Kind.VIRTUAL).count() == 1
    assert preview_of(send("9999021;;1;1")).followed == 2
