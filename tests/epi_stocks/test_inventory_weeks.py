"""The weekly inventory page by week: the selector, closed, reopened and coming weeks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.weeks import current_week, shift
from epi_stocks.models import EpiItem, WeeklyInventory
from epi_stocks.services.saving import CellChange, save_cells
from tests.builders import make_establishment

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_establishment()


@pytest.fixture
def operator(client_for, site):
    return client_for("OIE", on=site)


def page(site, week=None):
    return reverse("epi_stocks:inventory", args=[site.finess, week or current_week()])


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


def test_a_day_that_is_not_a_monday_is_no_page(operator, site):
    assert operator.get(page(site).replace(str(current_week()), "2026-11-17")).status_code == 404


def test_a_closed_week_is_read_only_and_says_who_reopens(operator, site, client_for):
    week = shift(current_week(), -3)
    text = text_of(operator.get(page(site, week)))
    assert "clôturé" in text
    assert 'name="1-stock"' not in text
    assert "Rouvrir cette semaine" not in text
    assert operator.post(page(site, week), {"1-stock": "1"}).status_code == 403

    assert "Rouvrir cette semaine" in text_of(client_for("ARA").get(page(site, week)))


def weeks_of(response):
    return {one.monday: one.state for one in response.context["weeks"]}


def test_the_week_selector_tells_what_was_declared_and_what_is_closed(operator, site):
    current, *past = (shift(current_week(), -back) for back in range(5))
    for week in (past[0], past[3]):
        header = {"first_saved_at": timezone.now(), "week": week}
        WeeklyInventory.objects.create(establishment=site, **header)
    states = weeks_of(operator.get(page(site)))
    assert [states[current], *(states[week] for week in past)] == [
        "en cours",
        "déclarée",
        "close",
        "close",
        "déclarée, close",
    ]
    cells = [
        (item.pk, one)
        for item in EpiItem.objects.on(current).top()
        for one in ("stock", "daily", "supply")
    ]
    for part, state in ((cells[:1], "en cours"), (cells[1:], "en cours, déclarée")):
        changes = [CellChange(*cell, 5, None) for cell in part]
        save_cells(by=operator.user, week=current, establishment_id=site.pk, changes=changes)
        assert weeks_of(operator.get(page(site)))[current] == state
    to_come = shift(current, 1)
    assert weeks_of(operator.get(page(site, to_come)))[to_come] == "à venir"


def test_a_reopened_week_is_never_said_closed_and_names_its_last_day(operator, site, client_for):
    week = shift(current_week(), -3)
    last_day = timezone.localdate() + timedelta(days=2)
    ars = client_for("ARA")
    address = reverse("epi_stocks:inventory_reopen", args=[site.finess, week])
    ars.post(address, {"last_day": str(last_day), "reason": "Erreur de saisie signalée"})

    for client, shown in ((operator, page(site, week)), (ars, page(site, week)), (ars, address)):
        response = client.get(shown)
        assert f"jusqu’au {last_day:%d/%m/%Y} inclus" in text_of(response)
        assert "à 00:00" not in text_of(response)
    for shown in (week, current_week()):
        assert weeks_of(operator.get(page(site, shown)))[week] == "rouverte"


def test_a_week_to_come_is_not_open_yet(operator, site):
    response = operator.get(page(site, shift(current_week(), 1)))
    assert 'name="1-stock"' not in text_of(response)
