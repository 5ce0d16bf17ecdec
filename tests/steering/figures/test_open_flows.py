"""What came from the State stock and the doses received: by month, and never of too few."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from common.weeks import PARIS
from orders.models import Order, Reception
from steering.open_data.flows import (
    delivered_of,
    months_delivered,
    months_received,
    received_of,
)
from tests.builders import make_body, make_department, make_establishment, make_region, make_user
from tests.orders.builders import (
    make_beneficiary,
    make_item,
    make_order,
    make_product,
    make_shipment,
)
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, make_vaccine, make_wave
from vaccines.models import Reception as DosesReceived

pytestmark = pytest.mark.django_db
MONTH = date(2021, 3, 1)
NOON = datetime(2021, 3, 10, 12, tzinfo=PARIS)
DAY = NOON.date()
SECRET = (True, None, None)


@pytest.fixture
def masks():
    return make_product(make_item())


@pytest.fixture
def regions():
    return {
        "24": make_department(),
        "53": make_department("35", "Ille-et-Vilaine", make_region("53", "Bretagne")),
        "84": make_department("69", "Rhône", make_region("84", "Auvergne-Rhône-Alpes")),
    }


def delivered(product, department, units=100, *, at=NOON, shipments=1, **fields):
    """An order of another entity, which came ``at``; None: nobody reported it."""
    home = make_beneficiary(make_establishment(department=department))
    order = make_order(home, lines=[(product, units * shipments)], submitted_at=NOON, **fields)
    for _ in range(shipments):
        make_shipment(order, [(order.lines.get(), units)], shipped_at=NOON, delivered_at=at)
    return order


def told(rows):
    """By scale and region: whether secret, how many orders, how many units."""
    return {(row[1], row[2]): tuple(row[-3:]) for row in rows}


def of_march():
    return told(delivered_of(MONTH))


def test_orders_are_summed_by_region_of_their_destination(masks, regions):
    for code, count in (("24", 6), ("53", 7)):
        for _ in range(count):
            delivered(masks, regions[code])
    assert of_march() == {
        ("pays", "FR"): (False, 13, 1_300),
        ("region", "24"): (False, 6, 600),
        ("region", "53"): (False, 7, 700),
    }


def test_an_order_that_came_in_two_times_is_one_order(masks, regions):
    for _ in range(5):
        delivered(masks, regions["24"], shipments=2)
    assert of_march()["region", "24"] == (False, 5, 1_000)


def test_a_region_of_few_is_secret_with_another_that_would_tell_it(masks, regions):
    for code, count in (("24", 4), ("53", 6), ("84", 9)):
        for _ in range(count):
            delivered(masks, regions[code])
    assert of_march() == {
        ("pays", "FR"): (False, 19, 1_900),
        ("region", "24"): SECRET,
        ("region", "53"): SECRET,
        ("region", "84"): (False, 9, 900),
    }


def test_of_too_few_even_the_country_is_secret(masks, regions):
    for _ in range(4):
        delivered(masks, regions["24"])
    assert of_march() == {("pays", "FR"): SECRET, ("region", "24"): SECRET}


def test_one_that_makes_nearly_all_is_not_told(masks, regions):
    delivered(masks, regions["24"], 10_000)
    for _ in range(8):
        delivered(masks, regions["24"])
    assert of_march()["region", "24"] == SECRET


def test_ten_orders_of_one_entity_are_one(masks, regions):
    home = make_beneficiary()
    for _ in range(10):
        order = make_order(home, lines=[(masks, 100)], submitted_at=NOON)
        make_shipment(order, shipped_at=NOON, delivered_at=NOON)
    assert of_march()["pays", "FR"] == SECRET


def test_what_is_paid_for_is_not_of_the_state(masks, regions):
    for _ in range(5):
        delivered(masks, regions["24"])
        delivered(masks, regions["24"], kind=Order.Kind.PAID)
    assert of_march()["region", "24"] == (False, 5, 500)


def test_the_order_of_an_agency_is_that_of_no_place(masks, regions):
    for _ in range(4):
        delivered(masks, regions["24"])
    agency = make_body("ars", region=make_region())
    for _ in range(3):
        fields = {"agency": agency, "region": agency.region, "kind": Order.Kind.POOL}
        order = Order.objects.create(
            number=f"POT-{Order.objects.count()}", state=Order.State.SUBMITTED,
            operator=make_body("la_poste"), submitted_at=NOON, created_by=make_user(),
            week=date(2021, 3, 8), **fields,
        )  # fmt: skip
        order.lines.create(product=masks, quantity=50)
        make_shipment(order, shipped_at=NOON, delivered_at=NOON)
    assert of_march()["region", "24"] == (False, 7, 550)


@pytest.mark.parametrize(
    ("at", "is_in"),
    [
        (datetime(2021, 3, 1, 0, 30, tzinfo=PARIS), True),
        (datetime(2021, 3, 31, 23, 30, tzinfo=PARIS), True),
        (datetime(2021, 2, 28, 23, 30, tzinfo=PARIS), False),
        (datetime(2021, 4, 1, 0, 30, tzinfo=PARIS), False),
    ],
)
def test_a_month_is_that_of_paris(masks, regions, at, is_in):
    for _ in range(5):
        delivered(masks, regions["24"], at=at)
    assert bool(delivered_of(MONTH)) is is_in


def received(order, shipment, day):
    by = {"told_by": make_user(), "told_at": timezone.now()}
    Reception.objects.create(order=order, shipment=shipment, received_on=day, **by)


@pytest.mark.parametrize("is_of_one", [True, False])
def test_what_nobody_reported_came_the_day_it_was_received(masks, regions, is_of_one):
    """Received shipment by shipment, or as a whole; a second time changes nothing."""
    for _ in range(5):
        order = delivered(masks, regions["24"], at=None)
        assert order.shipments.count() == 1
        for day in (12, 14):
            received(order, order.shipments.get() if is_of_one else None, date(2021, 3, day))
    assert of_march()["region", "24"] == (False, 5, 500)


def test_what_left_after_a_whole_order_was_received_has_not_come(masks, regions):
    for _ in range(5):
        order = delivered(masks, regions["24"], at=None)
        received(order, None, DAY - timedelta(days=1))
    assert delivered_of(MONTH) == []


@pytest.mark.parametrize(("day", "is_told"), [(15, False), (16, True)])
def test_a_month_is_told_from_the_sixteenth_of_the_next(masks, regions, day, is_told):
    delivered(masks, regions["24"])
    make_doses(regions["24"])
    now = datetime(2021, 4, day, 8, tzinfo=PARIS)
    assert (MONTH in months_delivered(now)) is is_told
    assert (MONTH in months_received(now)) is is_told


def make_doses(department, doses=60, *, day=DAY, wave=None, **fields):
    """Doses that the pharmacy of another entity received."""
    pui = make_pui(on=make_establishment(department=department))
    line = make_line(wave or make_wave(day), pui=pui, first_doses=doses, **fields)
    DosesReceived.objects.create(line=line, doses=doses, received_on=day, told_by=make_user())
    return line


def test_doses_are_summed_by_region_of_the_pharmacy_and_secret_alike(regions):
    wave = make_wave(DAY, vaccine=make_vaccine())
    for code, count in (("24", 3), ("53", 6), ("84", 9)):
        for _ in range(count):
            make_doses(regions[code], wave=wave)
    assert told(received_of(MONTH)) == {
        ("pays", "FR"): (False, 18, 1_080),
        ("region", "24"): SECRET,
        ("region", "53"): SECRET,
        ("region", "84"): (False, 9, 540),
    }


def test_doses_of_a_line_taken_away_or_of_another_month_are_not_counted(regions):
    wave = make_wave(DAY, vaccine=make_vaccine())
    for _ in range(6):
        make_doses(regions["24"], wave=wave)
    make_doses(regions["24"], 500, wave=wave, day=date(2021, 4, 1))
    gone = make_doses(regions["24"], 500, wave=wave)
    type(gone).objects.filter(pk=gone.pk).update(
        removed_at=timezone.now(), removed_by=make_user(), removal="mistake"
    )
    assert told(received_of(MONTH))["region", "24"] == (False, 6, 360)
