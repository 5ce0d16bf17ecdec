"""Sums by UCD, UCD de référence and DCI: what is counted, what is left out, what is not known."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from common.cover import Level
from medications.models import Priority, Product
from pui.forecast.method import RunOut
from pui.stock.reading import read_stocks
from pui.stock.rows import By, rows_of
from pui.stock.texts import interval_text, middle_text
from tests.pui.builders import make_followed, make_product, make_pui, make_reference

pytestmark = pytest.mark.django_db


def rows(*puis, by=By.UCD):
    return rows_of(read_stocks(puis, "autres", timezone.localtime()), by)


@pytest.fixture
def two():
    """Two UCDs of one reference product."""
    return [make_followed(make_product(f"MIDAZOLAM {letter}")) for letter in "AB"]


def test_a_product_that_nobody_declared_is_unknown_and_not_0(pui, two):
    for row in rows(pui):
        assert (row.stock, row.daily, row.days, row.level) == (None, None, None, Level.UNKNOWN)
        assert (row.missing, row.is_fresh) == (1, False)


def test_0_declared_is_a_rupture_even_without_a_consumption(pui, two, due_days, declare):
    declare(pui, due_days[0], {two[0]: (0, None), two[1]: (0, 0)})
    found = {row.subject: row for row in rows(pui)}
    assert found[two[0]].level is Level.SHORTAGE
    assert found[two[1]].level is Level.NO_USE
    assert found[two[0]].stock == 0


def test_the_cover_of_a_reference_is_the_ratio_of_sums_of_complete_lines(
    pui, two, due_days, declare
):
    declare(pui, due_days[0], {two[0]: (100, 10), two[1]: (900, None)})
    [row] = rows(pui, by=By.REFERENCE)
    assert (row.stock, row.days, row.level) == (Decimal(1000), Decimal("10.0"), Level.TENSE)
    assert (row.cover.counted, row.cover.left_out) == (1, 1)


def test_a_dci_adds_its_references_up_and_is_as_urgent_as_the_most_urgent(pui, due_days, declare):
    weak = make_followed(make_product("A", reference=make_reference(strength="1 mg/ml")))
    strong = make_followed(
        make_product("B", reference=make_reference(strength="5 mg/ml")),
        priority=Priority.NATIONAL,
    )
    declare(pui, due_days[0], {weak: (30, 1), strong: (10, 1)})
    [row] = rows(pui, by=By.SUBSTANCE)
    assert (row.stock, row.days, row.priority) == (40, Decimal("20.0"), Priority.NATIONAL)
    assert len(rows(pui, by=By.REFERENCE)) == 2


def test_several_pharmacies_are_added_up_line_by_line(site, pui, two, due_days, declare):
    other = make_pui("PUI Annexe", on=site)
    declare(pui, due_days[0], {two[0]: (10, 1)})
    declare(other, due_days[0], {two[0]: (30, 1)})
    found = {row.subject: row for row in rows(pui, other)}
    assert (found[two[0]].stock, found[two[0]].days) == (40, Decimal("20.0"))
    assert (found[two[1]].stock, found[two[1]].missing) == (None, 2)


def test_a_line_absent_from_the_last_declaration_keeps_its_value_and_says_so(
    pui, two, due_days, declare
):
    declare(pui, due_days[1], {two[0]: (50, 1), two[1]: (50, 1)})
    declare(pui, due_days[0], {two[0]: (40, 1)})
    found = {row.subject: row for row in rows(pui)}
    kept = found[two[1]]
    assert (kept.stock, kept.due_on, kept.missing, kept.is_fresh) == (50, due_days[1], 1, False)
    assert (found[two[0]].missing, found[two[0]].is_fresh) == (0, True)


def test_what_mapui_told_of_a_reference_stands_for_its_ucds_and_is_counted_once(
    pui, two, due_days, declare
):
    virtual = Product.objects.create(
        code="MV1",
        kind=Product.Kind.VIRTUAL,
        label="MIDAZOLAM 5 mg/ml",
        reference=two[0].reference,
        substance=two[0].substance,
    )
    declare(pui, due_days[2], {two[0]: (10, 1), two[1]: (20, 1)})
    declare(pui, due_days[1], {virtual: (25, 2)})
    assert [row.subject for row in rows(pui)] == [virtual]
    [row] = rows(pui, by=By.REFERENCE)
    assert (row.stock, row.missing) == (25, 0)
    assert [value for _, value in row.trend][-3:] == [30, 25, None]


def test_a_due_day_that_lacks_a_line_breaks_the_trend_and_does_not_dip(pui, two, due_days, declare):
    declare(pui, due_days[2], {two[0]: (10, 1), two[1]: (20, 1)})
    declare(pui, due_days[1], {two[0]: (11, 1)})
    declare(pui, due_days[0], {two[0]: (12, 1), two[1]: (18, 1)})
    [row] = rows(pui, by=By.REFERENCE)
    assert [value for _, value in row.trend][-3:] == [30, None, 30]
    assert [day for day, _ in row.trend] == due_days[::-1]


def test_a_product_no_longer_followed_leaves_the_state(pui, due_days, declare):
    ended = make_followed(ends_on=due_days[0])
    declare(pui, due_days[1], {ended: (10, 1)})
    assert rows(pui) == []


def test_a_falling_stock_is_foretold_and_a_stale_one_is_not(pui, due_days, declare):
    products = [make_followed(make_product(f"P{rank}")) for rank in range(8)]
    for rank, due_on in enumerate(reversed(due_days)):
        stock = 400 - 30 * rank
        declare(pui, due_on, dict.fromkeys(products, (stock, 4)))
    assert all(row.run_out and row.run_out.early for row in rows(pui))
    later = timezone.localtime() + timedelta(days=14)
    stale = rows_of(read_stocks([pui], "autres", later), By.UCD)
    assert all(not row.is_fresh and row.run_out is None for row in stale)


@pytest.mark.parametrize(
    ("early", "middle", "late", "said", "around"),
    [
        (21, 24, 28, "entre le 21/11 et le 28/11", "vers le 24/11"),
        (18, 24, 28, "d’ici le 28/11", "vers le 24/11"),
        (14, 15, 17, "sans doute depuis le 17/11", ""),
        (18, None, None, "dès maintenant, peut-être après le 30/12", ""),
        (24, None, None, "dès le 24/11, peut-être après le 30/12", ""),
        (None, None, None, "pas avant le 30/12", ""),
        (24, 24, 24, "le 24/11", ""),
    ],
)
def test_a_day_that_is_past_is_not_foretold(early, middle, late, said, around):
    """Dates are reckoned from the last due day, up to a week ago."""
    days = [one and date(2020, 11, one) for one in (early, middle, late)]
    found, today = RunOut(*days, date(2020, 12, 30)), date(2020, 11, 19)
    assert interval_text(found, today) == said
    assert middle_text(found, today) == around


def test_a_past_too_short_is_foretold_nothing(pui, two, due_days, declare):
    for rank in (2, 1, 0):
        declare(pui, due_days[rank], {two[0]: (10 + rank, 1)})
    assert all(row.run_out is None for row in rows(pui))
