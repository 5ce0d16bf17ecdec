"""« Etat du stock » tells the nearest expiry where it is declared, and what is at risk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pui.expiry import Standing
from pui.stock.reading import read_stocks
from pui.stock.rows import By, rows_of
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_followed, make_product

pytestmark = pytest.mark.django_db
STATE = "/dispostock/medicaments/etat-du-stock/"


@pytest.fixture
def two():
    return [make_followed(make_product(f"MIDAZOLAM {letter}")) for letter in "AB"]


@pytest.fixture
def soon():
    return timezone.localdate() + timedelta(days=30)


@pytest.fixture
def page(client, gf):
    client.force_login(gf)

    def get(query="", path=STATE):
        answer = client.get(f"{path}?{query}")
        assert_sound_html(answer)
        return answer.text.replace("\u00a0", " ")

    return get


def rows(pui, by=By.UCD):
    return rows_of(read_stocks([pui], "autres", timezone.localtime()), by)


def test_a_sum_has_the_nearest_expiry_of_its_lines_and_the_risk_of_the_worst(
    pui, two, due_days, declare, soon
):
    far = soon + timedelta(days=400)
    declare(pui, due_days[0], {two[0]: (900, 1, far), two[1]: (900, 1, soon)})
    [row] = rows(pui, By.REFERENCE)
    assert (row.nearest_expiry, row.standing) == (soon, Standing.AT_RISK)
    found = {one.subject: one.standing for one in rows(pui)}
    assert found == {two[0]: Standing.FINE, two[1]: Standing.AT_RISK}


def test_an_expired_line_is_worse_than_one_at_risk(pui, two, due_days, declare, soon):
    past = timezone.localdate() - timedelta(days=1)
    declare(pui, due_days[0], {two[0]: (900, 1, soon), two[1]: (900, 1, past)})
    [row] = rows(pui, By.REFERENCE)
    assert (row.nearest_expiry, row.standing) == (past, Standing.EXPIRED)


def test_the_page_flags_what_will_not_be_used_in_time_in_words(
    pui, two, due_days, declare, page, soon
):
    declare(pui, due_days[0], {two[0]: (900, 1, soon), two[1]: (5, 1, soon)})
    text = page()
    assert text.count(f"{soon:%d/%m/%Y}") == 2
    assert text.count("avant la fin du stock</span>") == 1


def test_the_product_says_it_and_each_due_day_its_own(pui, two, due_days, declare, page, soon):
    declare(pui, due_days[1], {two[0]: (900, 1, soon - timedelta(days=7))})
    declare(pui, due_days[0], {two[0]: (900, 1, soon)})
    text = page(path=f"{STATE}{pui.pk}/{two[0].code}/")
    assert "Péremption la plus proche" in text
    assert "avant la fin du stock" in text
    for day in (soon, soon - timedelta(days=7)):
        assert f"péremption {day:%d/%m/%Y}" in text


def test_without_any_declared_the_page_has_no_such_column(pui, two, due_days, declare, page):
    declare(pui, due_days[0], {two[0]: (900, 1)})
    assert 'data-label="Péremption"' not in page()


def test_one_may_sort_by_it_those_not_declared_last(pui, two, due_days, declare, page, soon):
    third = make_followed(make_product("MIDAZOLAM C"))
    far = soon + timedelta(days=90)
    lines = {two[0]: (900, 1, far), two[1]: (900, 1, soon), third: (1, 1)}
    declare(pui, due_days[0], lines)
    text = page("tri=peremption")
    places = [text.index(f"<strong>MIDAZOLAM {letter}</strong>") for letter in "BAC"]
    assert places == sorted(places)
