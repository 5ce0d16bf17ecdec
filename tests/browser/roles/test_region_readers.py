"""OMD: settles what a pharmacy reports on a line of vaccines. DEP: finds the home that ran out."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from common.weeks import current_week
from epi_stocks.models import ExpectedCategory
from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_weeks
from tests.browser.roles.conftest import menu
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_person,
    make_region,
)
from tests.builders import make_line as make_inventory
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line
from vaccines.models import LineReport
from vaccines.services.reports import Reported, report

pytestmark = pytest.mark.django_db(transaction=True)
FFP2 = 2
CSV_OF_SITES = "CSV\u00a0: Établissements"


@pytest.fixture
def world(transactional_db):
    """A line of vaccines that the pharmacy does not serve any more; a home without masks."""
    load_epi_reference()
    category = make_category("500", "EHPAD")
    ExpectedCategory.objects.get_or_create(category=category, starts_on="2020-01-01")
    out = make_establishment(name="EHPAD des Bords de Loire", category=category)
    make_inventory(out, current_week(), FFP2, stock=0, daily=10)
    refresh_weeks([current_week()])
    return SimpleNamespace(region=make_region(), department=make_department(), out=out)


def test_the_omedit_settles_a_report(enter, world):
    line = make_line(pui=make_pui("PUI du Loiret"))
    gf = make_person("GF", on=line.pui.establishment)
    told = Reported(LineReport.Kind.MISPLACED, line=line, comment="Nous ne le desservons plus.")
    report(by=gf, pui=line.pui, reported=told)

    page = enter(make_person("OMD", on=world.region))
    page.get_by_role("link", name="1 signalement à traiter").click()
    expect(page.get_by_text("Nous ne le desservons plus.")).to_be_visible()
    page.get_by_role("link", name="Répondre sans corriger").click()
    page.get_by_role("textbox", name="Votre réponse").fill("La convention court encore un an.")
    page.get_by_role("button", name="Clore sans suite").click()
    expect(page.get_by_text("La convention court encore un an.")).to_be_visible()
    menu(page, "Accueil")
    expect(page.get_by_text("signalement à traiter")).to_be_hidden()
    assert LineReport.objects.get().state != LineReport.State.OPEN


def test_the_department_finds_the_home_that_ran_out(enter, world):
    page = enter(make_person("DEP", on=world.department))
    page.get_by_role("link", name="1 établissement en rupture").click()
    expect(page.get_by_role("rowheader", name=world.out.name)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=CSV_OF_SITES).click()
    assert world.out.name in download.value.path().read_text(encoding="utf-8-sig")
    menu(page, "Situation")
    expect(page.get_by_role("rowheader", name="Masques FFP2")).to_be_visible()
