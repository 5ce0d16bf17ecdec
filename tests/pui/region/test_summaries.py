"""The summaries of territories are those of the lines, whatever was declared, by whom and when."""

import random
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from common.cover import Level, level
from common.weeks import PARIS
from establishments.perimeter import Action
from medications.calendar import ReportingCalendar, calendar_of
from medications.models import Product
from pui.models import (
    LatestStock,
    PharmacySummary,
    Pui,
    StockLine,
    StockSummary,
    SubstanceSummary,
    SummarisedDue,
)
from pui.models.region import Scale
from pui.overview import rate_of, rates_of
from pui.region.catalogue import read_catalogue
from pui.region.late import late_puis
from pui.region.refreshing import (
    counted_days,
    page_days,
    refresh_all,
    refresh_changed,
    same_hour,
)
from tests.builders import make_department, make_establishment, make_person
from tests.pui.builders import (
    LONG_AGO,
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_reference,
)
from tests.pui.region.conftest import NOW

pytestmark = pytest.mark.django_db


def kept(scale, due_on=None, *, same_hour=False, model=StockSummary, key="product_id"):
    rows = model.objects.filter(scale=scale, is_same_hour=same_hour)
    if due_on:
        rows = rows.filter(due_on=due_on)
    return {
        (row.due_on, row.code, getattr(row, key)): (
            row.stock,
            row.daily,
            row.ratio_stock,
            row.ratio_daily,
            row.lines,
            row.ratio_lines,
            row.carried,
        )
        for row in rows
    }


def own_number(product):
    return product.pk


def number_of_dci(product):
    """That of its DCI, else of the DCI of its reference, else the opposite of its own."""
    reference = product.reference
    return product.substance_id or (reference and reference.substance_id) or -product.pk


def truth(due_on, place_of, number_of=own_number):
    """From the lines, one by one, in Python."""
    calendar = calendar_of("autres")
    days = counted_days(calendar, due_on)
    last = {}
    for line in StockLine.objects.filter(due_on__in=days, pui__in=Pui.objects.open_on(due_on)):
        key = (line.pui_id, line.product_id)
        if key not in last or last[key].due_on < line.due_on:
            last[key] = line
    found = defaultdict(list)
    for line in last.values():
        found[due_on, place_of(line.pui), number_of(line.product)].append(line)
    return {key: added(lines, due_on) for key, lines in found.items()}


def added(lines, due_on):
    both = [one for one in lines if one.stock is not None and one.daily is not None]
    stocks = [one.stock for one in lines if one.stock is not None]
    dailies = [one.daily for one in lines if one.daily is not None]
    return (
        sum(stocks) if stocks else None,
        sum(dailies) if dailies else None,
        sum((one.stock for one in both), Decimal(0)),
        sum((one.daily for one in both), Decimal(0)),
        len(lines),
        len(both),
        sum(one.due_on < due_on for one in lines),
    )


def declare_at_random(world, seed):
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    for place in ("45", "18"):
        site = make_establishment(department=make_department(place))
        make_pui(f"PUI {place}", on=site)
    second = make_followed(make_product("CISATRACURIUM B", reference=world.cis.reference))
    products = [world.cis, world.mida, world.other, second, make_followed(make_product("ALONE"))]
    for pui in Pui.objects.all():
        for back in (4, 3, 2, 1, 0):
            if draw.random() < 0.3:
                continue
            lines = {
                product: (
                    draw.choice([None, 0, draw.randrange(500)]),
                    draw.choice([None, 0, draw.randrange(1, 40)]),
                )
                for product in products
                if draw.random() < 0.8
            }
            if lines:
                world.declare(pui, lines, back=back)
    away = page_days(calendar_of("autres"), NOW)[2]
    closed = {"last_closed_on": away - timedelta(1), "reopened_on": away + timedelta(1)}
    Pui.objects.filter(label="PUI 18").update(**closed)


@pytest.mark.parametrize("seed", range(3))
def test_they_equal_the_lines_at_each_scale_and_due_day(world, seed):
    declare_at_random(world, seed)
    world.refresh()
    days = set(
        SummarisedDue.objects.filter(monitored_list="autres").values_list("due_on", flat=True)
    )
    for day in sorted(days, reverse=True)[:4]:
        for scale, place_of in (
            (Scale.COUNTRY, lambda pui: ""),
            (Scale.REGION, lambda pui: pui.establishment.region_id),
            (Scale.DEPARTMENT, lambda pui: pui.establishment.department_id),
        ):
            assert kept(scale, day) == truth(day, place_of)
            by_dci = kept(scale, day, model=SubstanceSummary, key="substance_id")
            assert by_dci == truth(day, place_of, number_of_dci)


def test_a_refresh_after_a_change_equals_a_whole_one(world):
    declare_at_random(world, 7)
    world.refresh()
    world.declare(world.orleans, {world.cis: (12, 3)}, back=0)
    world.declare(world.lyon, {world.mida: (1, 3)}, back=1)
    refresh_changed(NOW)
    changed = kept(Scale.DEPARTMENT)
    refresh_all(NOW)
    assert kept(Scale.DEPARTMENT) == changed


def test_nothing_is_computed_again_while_nothing_changes(world):
    world.declare(world.orleans, {world.cis: (12, 3)})
    refresh_all(NOW)
    refresh_all(NOW + timedelta(minutes=5))
    assert refresh_changed(NOW + timedelta(minutes=6)) == 0


def test_what_nobody_declares_any_more_leaves_the_summary(world):
    world.declare(world.orleans, {world.cis: (12, 3)}, back=0)
    world.refresh()
    Pui.objects.filter(pk=world.orleans.pk).update(closed_on="2020-11-01")
    world.refresh()
    day = calendar_of("autres").expected(NOW).due_on
    assert kept(Scale.COUNTRY, day) == {}


def test_a_line_older_than_two_due_days_stands_no_more(world):
    world.declare(world.orleans, {world.cis: (12, 3)}, back=3)
    world.declare(world.bourges, {world.cis: (50, 3)}, back=2)
    world.refresh()
    day = calendar_of("autres").expected(NOW).due_on
    assert {key[1] for key in kept(Scale.DEPARTMENT, day)} == {"18"}


def test_the_same_hour_leaves_out_what_came_later(world):
    calendar = calendar_of("autres")
    last = calendar.past_dues(NOW, 1)[0]
    world.declare(world.orleans, {world.cis: (12, 3)}, at=NOW - timedelta(days=8))
    world.declare(world.lyon, {world.cis: (90, 3)}, at=NOW - timedelta(days=6))
    world.refresh()
    then = PharmacySummary.objects.get(
        monitored_list="autres", scale=Scale.COUNTRY, due_on=last, is_same_hour=True
    )
    assert then.declared == 1
    assert [key[1] for key in kept(Scale.DEPARTMENT, last, same_hour=True)] == ["45"]


def test_a_pharmacy_counts_once_at_the_worst_of_its_watched_dcis(world):
    world.declare(world.orleans, {world.cis: (0, 3), world.mida: (0, 3)}, back=0)
    world.declare(world.bourges, {world.cis: (9, 3), world.other: (0, 3)}, back=0)
    world.declare(world.lyon, {world.cis: (900, 3)}, back=0)
    world.refresh()
    day = calendar_of("autres").expected(NOW).due_on
    whole = PharmacySummary.objects.get(
        monitored_list="autres", scale=Scale.COUNTRY, due_on=day, is_same_hour=False
    )
    assert (whole.expected, whole.declared, whole.counted) == (3, 3, 3)
    assert (whole.shortage, whole.critical) == (1, 1)
    assert level(9, 3) is Level.CRITICAL


@pytest.mark.parametrize(
    ("virtual_back", "own_back", "counted"), [(0, 1, 70), (1, 1, 30), (1, 0, 30)]
)
def test_mapui_and_the_ucds_never_count_together(world, virtual_back, own_back, counted):
    reference = world.cis.reference
    virtual = make_product(
        "Cisatracurium 10 mg", reference=reference, kind=Product.Kind.VIRTUAL, code="MV1"
    )
    if virtual_back == own_back:
        world.declare(world.orleans, {world.cis: (30, 3), virtual: (70, 3)}, back=own_back)
    else:
        for product, stock, back in sorted(
            [(world.cis, 30, own_back), (virtual, 70, virtual_back)], key=lambda one: -one[2]
        ):
            world.declare(world.orleans, {product: (stock, 3)}, back=back)
    world.refresh()
    day = calendar_of("autres").expected(NOW).due_on
    assert sum(row[0] for row in kept(Scale.COUNTRY, day).values()) == counted
    assert sum(row.stock for row in LatestStock.objects.all()) == counted


def test_a_device_without_dci_is_its_own_group(world):
    device = make_followed(
        make_product(
            "Seringue 1 ml",
            kind=Product.Kind.DEVICE,
            code="DV1",
            substance=None,
            reference=make_reference(),
        ),
        slug="dispositifs",
    )
    Product.objects.filter(pk=device.pk).update(reference=None)
    catalogue = read_catalogue("dispositifs", NOW.date())
    assert catalogue.watched_substances == ["Seringue 1 ml"]


def test_who_declared_the_coming_due_day_is_not_late_for_the_one_still_open(world):
    """The page, « PUI en retard » and the home page have one rule, corrections or not."""
    world.declare(world.orleans, {world.cis: (12, 3)}, back=0, at=NOW)
    world.declare(world.bourges, {world.cis: (12, 3)}, back=1, at=NOW)
    world.refresh()
    user, calendar = make_person("ARA"), calendar_of("autres")
    last = calendar.past_dues(NOW, 1)[0]
    region = PharmacySummary.objects.get(
        monitored_list="autres", due_on=last, scale=Scale.REGION, code="24", is_same_hour=False
    )
    assert (region.declared, region.expected, region.on_time) == (2, 2, 0)
    assert late_puis(user, make_list(), calendar, NOW).count() == 0
    assert rates_of(user)[0].late == 0


def test_a_correction_sent_after_the_closing_takes_nothing_back(world):
    calendar = calendar_of("autres")
    before, last = calendar.past_dues(NOW, 2)[1], calendar.past_dues(NOW, 1)[0]
    early = calendar.due_at(last) - timedelta(hours=2)
    world.declare(world.orleans, {world.cis: (12, 3)}, back=1, at=early)
    world.declare(world.orleans, {world.cis: (13, 3)}, back=1, at=NOW)
    world.refresh()
    kept_of = PharmacySummary.objects.get(
        monitored_list="autres", due_on=before, scale=Scale.REGION, code="24", is_same_hour=False
    )
    assert kept_of.declared == 1
    held = make_person("ARA").perimeter_to(Action.DASH_MED)
    assert rate_of(held, calendar.period(before)).declared == 1


def test_the_coming_due_day_declared_brings_the_one_past_up_to_date_at_once(world):
    world.refresh()
    world.declare(world.orleans, {world.cis: (12, 3)}, back=0, at=NOW)
    refresh_changed(NOW)
    last = calendar_of("autres").past_dues(NOW, 1)[0]
    region = PharmacySummary.objects.get(
        monitored_list="autres", due_on=last, scale=Scale.REGION, code="24", is_same_hour=False
    )
    assert region.declared == 1


def test_nobody_is_expected_while_a_list_follows_nothing(world):
    world.refresh()
    assert not PharmacySummary.objects.filter(monitored_list="grippe", expected__gt=0).exists()
    user, calendar = make_person("ARA"), calendar_of("grippe")
    assert late_puis(user, make_list("grippe"), calendar, NOW).count() == 0
    make_followed(make_product("Vaccin"), slug="grippe", starts_on=NOW.date())
    assert late_puis(user, make_list("grippe"), calendar, NOW).count() == 0


def test_the_same_hour_is_that_of_paris_when_summer_time_ends():
    calendar = ReportingCalendar([])
    monday = datetime(2020, 10, 26, 9, 52, tzinfo=PARIS)
    last = calendar.past_dues(monday, 1)[0]
    assert same_hour(calendar, last, monday).until == datetime(2020, 10, 19, 9, 52, tzinfo=PARIS)


def test_a_pharmacy_that_closes_is_expected_no_more_at_the_next_refresh(world):
    """The history of the register has the hour of the database: so has this test."""
    calendar, now = calendar_of("autres"), datetime.now(PARIS)
    refresh_all(now - timedelta(minutes=5))
    Pui.objects.filter(pk=world.orleans.pk).update(closed_on=LONG_AGO)
    refresh_changed(now + timedelta(minutes=1))
    for day in (calendar.expected(now).due_on, calendar.past_dues(now, 1)[0]):
        region = PharmacySummary.objects.get(
            monitored_list="autres", due_on=day, scale=Scale.REGION, code="24", is_same_hour=False
        )
        assert region.expected == 1
