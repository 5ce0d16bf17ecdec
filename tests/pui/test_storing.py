"""The one door by which stocks are written."""

from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from itertools import product as product_of

import pytest
from django.db import IntegrityError, OperationalError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from common.weeks import PARIS
from medications.calendar import calendar_of
from medications.models import Product
from medications.regrouping import SETTLE
from medications.services import settings
from pui.models import LatestStock, ReplacedStock, StockLine, Transmission
from pui.services.settling import settle
from pui.services.storing import StoringError
from pui.tasks.nomenclature import settle_regrouped
from tests.builders import make_establishment, make_person
from tests.locks import before_another
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_reference,
    make_transmission,
)

pytestmark = pytest.mark.django_db
SAID = ("product", "due_on", "stock", "daily", "nearest_expiry")
NOW = datetime(2020, 11, 17, 9, 52, tzinfo=PARIS)


@pytest.fixture
def due_days():
    return [one.due_on for one in calendar_of(make_list()).open_periods(NOW)]


def test_a_transmission_is_in_force_with_its_lines_and_the_summary_follows(pui, gf, due_days):
    product = make_followed()
    make_transmission(pui, {product: (420, Decimal("35.5"))}, by=gf, due_on=due_days[0], now=NOW)
    line = StockLine.objects.get()
    assert (line.stock, line.daily, line.due_on) == (420, Decimal("35.5"), due_days[0])
    latest = LatestStock.objects.get()
    assert (latest.stock, latest.daily, latest.due_on) == (420, Decimal("35.5"), due_days[0])


def test_blank_is_not_zero(pui, gf, due_days):
    blank, none = make_followed(), make_followed()
    lines = {blank: (None, None), none: (0, 0)}
    make_transmission(pui, lines, by=gf, due_on=due_days[0], now=NOW)
    stocks = dict(StockLine.objects.values_list("product", "stock"))
    assert stocks == {blank.pk: None, none.pk: 0}


def test_another_of_the_same_due_day_replaces_it_whole_and_both_are_kept(pui, gf, due_days):
    kept, gone = make_followed(), make_followed()
    first = make_transmission(
        pui, {kept: (420, 35), gone: (10, 1)}, by=gf, due_on=due_days[0], now=NOW
    )
    second = make_transmission(pui, {kept: (4200, 35)}, by=gf, due_on=due_days[0], now=NOW)
    first.refresh_from_db()
    assert (first.state, first.replaced_by) == (Transmission.State.REPLACED, second)
    assert StockLine.objects.get().stock == 4200
    assert set(ReplacedStock.objects.values_list("product", "stock")) == {
        (kept.pk, 420),
        (gone.pk, 10),
    }
    assert LatestStock.objects.get().stock == 4200


def test_a_product_withdrawn_by_a_correction_falls_back_on_its_earlier_declaration(
    pui, gf, due_days
):
    product, other = make_followed(), make_followed()
    make_transmission(pui, {product: (50, 5)}, by=gf, due_on=due_days[0], now=NOW)
    lines = {product: (40, 5), other: (1, 1)}
    make_transmission(pui, lines, by=gf, due_on=due_days[1], now=NOW)
    make_transmission(pui, {other: (1, 1)}, by=gf, due_on=due_days[1], now=NOW)
    latest = LatestStock.objects.get(product=product)
    assert (latest.stock, latest.due_on) == (50, due_days[0])


def test_a_late_correction_does_not_hide_a_newer_declaration(pui, gf, due_days):
    product = make_followed()
    make_transmission(pui, {product: (40, 5)}, by=gf, due_on=due_days[1], now=NOW)
    make_transmission(pui, {product: (50, 5)}, by=gf, due_on=due_days[0], now=NOW)
    assert LatestStock.objects.get().stock == 40


def test_what_mapui_sent_of_a_whole_reference_is_never_counted_beside_its_ucds(pui, gf, due_days):
    reference = make_reference()
    virtual = make_product(reference=reference, kind=Product.Kind.VIRTUAL, code="MV1")
    ucd = make_product(reference=reference)
    make_transmission(pui, {virtual: (90, 9)}, by=gf, due_on=due_days[0], now=NOW)
    make_transmission(pui, {ucd: (80, 9)}, by=gf, due_on=due_days[1], now=NOW)
    assert LatestStock.objects.get().product_id == ucd.pk


def test_a_newer_mapui_figure_stands_for_its_ucds(pui, gf, due_days):
    reference = make_reference()
    virtual = make_product(reference=reference, kind=Product.Kind.VIRTUAL, code="MV1")
    ucd = make_product(reference=reference)
    make_transmission(pui, {ucd: (80, 9)}, by=gf, due_on=due_days[0], now=NOW)
    make_transmission(pui, {virtual: (90, 9)}, by=gf, due_on=due_days[1], now=NOW)
    assert LatestStock.objects.get().product_id == virtual.pk


def test_the_ucds_of_a_reference_come_back_when_a_newer_mapui_figure_is_withdrawn(
    pui, gf, due_days
):
    reference, other = make_reference(), make_followed(make_product(reference=make_reference("X")))
    virtual = make_product(reference=reference, kind=Product.Kind.VIRTUAL, code="MV1")
    ucd = make_product(reference=reference)
    make_transmission(pui, {ucd: (80, 9)}, by=gf, due_on=due_days[0], now=NOW)
    make_transmission(pui, {virtual: (90, 9), other: (1, 1)}, by=gf, due_on=due_days[1], now=NOW)
    make_transmission(pui, {other: (1, 1)}, by=gf, due_on=due_days[1], now=NOW)
    latest = dict(LatestStock.objects.values_list("product", "stock"))
    assert latest == {ucd.pk: 80, other.pk: 1}


def test_a_mapui_figure_comes_back_when_the_newer_ucds_are_withdrawn(pui, gf, due_days):
    reference, other = make_reference(), make_followed(make_product(reference=make_reference("X")))
    virtual = make_product(reference=reference, kind=Product.Kind.VIRTUAL, code="MV1")
    ucd = make_product(reference=reference)
    make_transmission(pui, {virtual: (90, 9)}, by=gf, due_on=due_days[0], now=NOW)
    make_transmission(pui, {ucd: (80, 9), other: (1, 1)}, by=gf, due_on=due_days[1], now=NOW)
    make_transmission(pui, {other: (1, 1)}, by=gf, due_on=due_days[1], now=NOW)
    latest = dict(LatestStock.objects.values_list("product", "stock"))
    assert latest == {virtual.pk: 90, other.pk: 1}


def test_whatever_the_order_the_summary_is_what_the_lines_say(pui, gf, due_days):
    """maPUI, the UCDs, or neither: at one due day, at the other, then corrected at the first."""
    reference, other = make_reference(), make_followed(make_product(reference=make_reference("X")))
    virtual = make_product(reference=reference, kind=Product.Kind.VIRTUAL, code="MV1")
    first, second = (make_product(reference=reference) for _ in range(2))
    said = [{virtual: (90, 9)}, {first: (70, 9), second: (5, 1)}, {other: (1, 1), first: (8, 1)}]
    for *declared, days in product_of(said, said, said, permutations(due_days)):
        with transaction.atomic():
            for lines, due_on in zip(declared, [*days, days[0]], strict=True):
                make_transmission(pui, lines, by=gf, due_on=due_on, now=NOW)
            assert summary() == summary_of_the_lines(), (declared, days)
            transaction.set_rollback(True)


def test_what_a_product_that_changes_reference_asks_is_tried_again():
    """A pharmacy may be transmitting: the lock on it is not waited for without end."""
    job = Job(id=1, lock=None, queueing_lock=None, queue="", task_name=SETTLE)
    assert settle_regrouped.get_retry_exception(OperationalError(), job)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("back", [False, True])
def test_a_product_that_changes_reference_is_settled_with_what_mapui_sent(
    pui, gf, due_days, order, back
):
    """Of the reference that it left and of the one that it joins: as the lines say."""
    left, joined = make_reference(), make_reference("PROPOFOL", "10 mg/ml")
    virtual = [
        make_product(reference=one, kind=Product.Kind.VIRTUAL, code=f"MV{rank}")
        for rank, one in enumerate((left, joined))
    ]
    ucd, cell = make_followed(make_product(reference=left)), make_person("NAT", domain="dispostock")
    expiries = date(2021, 3, 31), date(2021, 6, 30)
    sent = [dict.fromkeys(virtual, (90, 9, expiries[0])), {ucd: (70, 9, expiries[1])}]
    mapui = Transmission.Origin.MAPUI
    for rank in order:
        make_transmission(
            pui, sent[rank], by=gf, due_on=due_days[order.index(rank)], now=NOW, origin=mapui
        )
    settings.regroup_product(by=cell, product=ucd, reference=joined)
    if back:
        settings.regroup_product(by=cell, product=ucd, reference=left)
    jobs = ProcrastinateJob.objects.filter(task_name=SETTLE).order_by("pk")
    assert len(jobs) == 1 + back
    for job in jobs:
        settle(**job.args)
        assert settle(**job.args) == 1, "twice changes nothing"
    assert summary() == summary_of_the_lines()


@pytest.mark.django_db(transaction=True)
def test_a_first_figure_of_mapui_sent_while_a_product_changes_reference_is_settled(
    pui, gf, due_days
):
    """It began under the former reference, and is committed after: the regrouping waits for it."""
    joined = make_reference("PROPOFOL", "10 mg/ml")
    virtual = make_product(reference=joined, kind=Product.Kind.VIRTUAL, code="MV1")
    ucd, cell = make_followed(make_product()), make_person("NAT", domain="dispostock")
    make_transmission(pui, {ucd: (70, 9)}, by=gf, due_on=due_days[0], now=NOW)

    def regroup():
        settings.regroup_product(by=cell, product=ucd, reference=joined)
        settle(**ProcrastinateJob.objects.get(task_name=SETTLE).args)

    with before_another(regroup):
        mapui = Transmission.Origin.MAPUI
        make_transmission(pui, {virtual: (90, 9)}, by=gf, due_on=due_days[1], now=NOW, origin=mapui)
    assert LatestStock.objects.get().product_id == virtual.pk


def test_a_product_that_no_figure_of_mapui_stands_for_asks_nothing_of_the_pharmacies(
    pui, gf, due_days
):
    product = make_followed()
    make_transmission(pui, {product: (70, 9)}, by=gf, due_on=due_days[0], now=NOW)
    assert settle([product.pk], [product.reference_id]) == 0


def summary():
    return set(LatestStock.objects.values_list(*SAID))


def summary_of_the_lines():
    """The rule in Python: the last line of each product, then maPUI or the UCDs of a reference."""
    rows = StockLine.objects.order_by("due_on").values_list(*SAID)
    last = {row[0]: row for row in rows}
    products = Product.objects.in_bulk(last)

    def is_hidden(row):
        mine = products[row[0]]
        return any(
            (other[1], twin.kind != "virtual") > (row[1], mine.kind != "virtual")
            for other in last.values()
            if (twin := products[other[0]]).reference_id == mine.reference_id
            and (twin.kind == "virtual") != (mine.kind == "virtual")
        )

    return {row for row in last.values() if not is_hidden(row)}


def test_a_pharmacy_declares_nothing_of_before_it_opened(pui, gf, due_days):
    pui.opened_on = due_days[1]
    pui.save()
    with pytest.raises(StoringError, match="n’était pas ouverte"):
        make_transmission(pui, {make_followed(): (1, 1)}, by=gf, due_on=due_days[0], now=NOW)


def test_nobody_declares_for_another_establishment(pui, due_days):
    stranger = make_person("GF", on=make_establishment())
    with pytest.raises(StoringError):
        make_transmission(pui, {make_followed(): (1, 1)}, by=stranger, due_on=due_days[0], now=NOW)
    assert not StockLine.objects.exists()


def test_a_due_day_not_open_is_refused_with_who_can_reopen_it(pui, gf):
    closed = calendar_of(make_list()).past_dues(NOW, 3)[-1]
    with pytest.raises(StoringError, match="votre ARS peut la rouvrir"):
        make_transmission(pui, {make_followed(): (1, 1)}, by=gf, due_on=closed, now=NOW)


def test_a_closed_pharmacy_declares_nothing(pui, gf, due_days):
    pui.closed_on = NOW.date()
    pui.save()
    with pytest.raises(StoringError, match="fermée"):
        make_transmission(pui, {make_followed(): (1, 1)}, by=gf, due_on=due_days[0], now=NOW)


def test_an_empty_transmission_is_refused(pui, gf, due_days):
    with pytest.raises(StoringError, match="Aucune ligne"):
        make_transmission(pui, {}, by=gf, due_on=due_days[0], now=NOW)


def test_an_expiry_of_no_unit_is_refused_by_the_database(pui, gf, due_days):
    product = make_followed()
    for stock in (None, 0):
        with pytest.raises(IntegrityError, match="expiry_of_units"), transaction.atomic():
            make_transmission(
                pui, {product: (stock, 1, date(2021, 3, 31))}, by=gf, due_on=due_days[0], now=NOW
            )
