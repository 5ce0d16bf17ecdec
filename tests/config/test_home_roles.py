"""Each role finds its day's work on the home page: figures with links, the pool, the low stocks."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from common.cover import Level
from common.weeks import current_week
from config import home
from config.operations import pace
from epi_stocks.services.reference import load_epi_reference
from journal.services import record
from medications.calendar import calendar_of
from orders.models import Order
from tests.builders import make_body, make_establishment, make_legal_entity, make_line, make_person
from tests.orders.builders import (
    make_item,
    make_order,
    make_pool,
    make_product,
    make_stock,
    make_tension,
    serve,
)
from tests.pui.builders import make_followed, make_pui, make_transmission

pytestmark = pytest.mark.django_db


def figures(person):
    return {one.label: one for one in home.figures(person)}


def test_an_auditor_reads_the_last_day_of_the_journal_beside_a_week_before():
    auditor = make_person("AUD")
    for _ in range(3):
        record("account.access_denied", by=None)
    record("account.login_failed", by=None)
    found = figures(auditor)
    assert (found["Accès refusés"].value, found["Connexions manquées"].value) == ("3", "1")
    assert found["Accès refusés"].note.endswith("0")
    assert "action=account.access_denied" in found["Accès refusés"].url
    assert found["Actes au journal"].value == "4"


@pytest.mark.parametrize("code", ["OIE", "ARA", "SUP", "TEC"])
def test_the_journal_is_counted_for_auditors_alone(code):
    assert "Actes au journal" not in figures(make_person(code))


def test_the_assistance_reads_who_waits_and_who_has_asked_for_nothing():
    support = make_person("SUP")
    make_person("USR")
    found = figures(support)
    assert found["Comptes sans profil"].value == "1"
    assert found["Demandes de profil en attente"].value == "0"


def test_the_operator_reads_the_jobs_and_the_mails():
    found = figures(make_person("TEC"))
    assert found["Travaux en échec"].value == "0"
    assert found["Courriels non partis"].url == "/administration/sante/courriels/"
    assert "Travaux en échec" not in figures(make_person("SUP"))


@pytest.mark.parametrize(
    ("is_ok", "minutes", "said"),
    [(True, 9, "À l’heure"), (True, 10, "Ralentie"), (False, 31, "En retard")],
)
def test_mails_that_wait_are_said_before_the_service_is_down(is_ok, minutes, said):
    assert pace(is_ok, minutes) == said


def test_a_warehouse_reads_what_it_has_to_prepare_and_nothing_of_another():
    warehouse = make_person("LPO")
    now, today = timezone.now(), timezone.localdate()
    poste = warehouse.active_profile.body
    late = {"operator": poste, "exported_at": now, "expected_on": today - timedelta(days=1)}
    make_order(**late)
    make_order(state=Order.State.SHIPPED, operator=poste, exported_at=now, expected_on=today)
    make_order(operator=poste)  # its file is not written yet
    make_order(operator=make_body("spf"), exported_at=now)
    found = figures(warehouse)
    assert found["Commandes à préparer"].value == "1"
    assert found["Commandes à préparer"].note == "Dont 1 en retard"
    assert found["Commandes en route"].value == "1"
    assert found["Commandes en retard"].value == "1"


def test_an_agency_reads_the_places_without_an_ape_as_its_page_counts_them():
    site = make_establishment()
    agency = make_person("ARA", on=site.region)
    make_establishment(make_legal_entity())
    assert figures(agency)["Établissements sans APE"].value == "2"
    make_person("APE", on=site)
    assert figures(agency)["Établissements sans APE"].value == "1"


@pytest.mark.parametrize("code", ["AUD", "TEC", "SUP", "SPF", "LPO", "CSM"])
def test_the_home_of_each_who_watches_is_not_empty_and_its_links_open(client_for, code):
    client = client_for(code)
    found = home.figures(client.user)
    assert len(found) >= 2
    assert client.get("/").status_code == 200
    for one in found:
        assert client.get(one.url).status_code in (200, 503), one.url  # the health may be poor


def test_an_agency_reads_what_is_left_of_its_pool_in_tension_only(client_for):
    site = make_establishment()
    masks, gloves = make_item(1), make_item(4)
    make_tension(masks)
    serve(site.region)
    for item in (masks, gloves):
        make_stock(make_product(item))
    make_pool(site.region, masks, granted=20_000, used=5_500)
    make_pool(site.region, gloves, granted=7)
    page = client_for("ARA", on=site.region).get("/").content.decode()
    told = re.sub(r"<[^>]+>|\s+", " ", page.split("Pot commun régional")[1].split("</section>")[0])
    assert "14 500" in told
    assert "20 000" in told
    assert gloves.plural not in told
    assert "Pot commun régional" not in client_for("OIE", on=site).get("/").content.decode()


@pytest.fixture
def site():
    load_epi_reference()
    return make_establishment(name="Hôpital Saint-Aubin")


def test_the_most_urgent_equipment_of_one_s_own_places_comes_first(site):
    for item, stock in ((1, 120), (2, 0), (4, 40), (5, 9_000)):
        make_line(site, current_week(), item, stock=stock, daily=10)
    make_line(make_establishment(make_legal_entity()), current_week(), 1, stock=0, daily=10)
    found = home.low_stocks(make_person("OIE", on=site))
    assert [(one.label, one.days) for one in found] == [
        ("Rupture", "0,0\u00a0j"),
        ("Critique", "4,0\u00a0j"),
        ("Tendue", "12,0\u00a0j"),
    ]
    assert {one.place for one in found} == {"Hôpital Saint-Aubin"}
    assert found[0].on == f"semaine du {current_week():%d/%m}"


def test_a_medicine_that_runs_low_is_told_to_who_declares_it(site):
    pui, person = make_pui(on=site), make_person("GF", on=site)
    low, fine = make_followed(), make_followed()
    lines = {low: (40, 10), fine: (900, 10)}
    due_on = calendar_of("autres").expected(timezone.localtime()).due_on
    make_transmission(pui, lines, by=person, due_on=due_on)
    (found,) = home.low_stocks(person)
    assert (found.level, found.days) == (Level.CRITICAL.value, "4,0\u00a0j")
    assert home.low_stocks(make_person("GF", on=make_establishment(make_legal_entity()))) == []


@pytest.mark.parametrize("code", ["ARA", "NAT", "AUD", "LPO"])
def test_who_follows_a_territory_has_no_stock_of_their_own(site, code):
    make_line(site, current_week(), 1, stock=0, daily=10)
    assert home.low_stocks(make_person(code)) == []


def test_the_home_of_an_agency_takes_as_many_queries_for_one_place_as_for_ten(
    client, count_queries, site
):
    agency = make_person("ARA", on=site.region)
    client.force_login(agency)
    for name in ("EHPAD 1", "EHPAD 2"):
        place = make_establishment(make_legal_entity(), name=name)
        make_line(place, current_week(), 1, stock=0, daily=10)
        record("pui.created", by=None, target=name, place=place)
    client.get("/")
    before = count_queries("/")
    for number in range(8):
        place = make_establishment(make_legal_entity(), name=f"EHPAD autre {number}")
        make_line(place, current_week(), 1, stock=0, daily=10)
        record("pui.created", by=None, target=f"PUI {number}", place=place)
    assert count_queries("/") <= before
