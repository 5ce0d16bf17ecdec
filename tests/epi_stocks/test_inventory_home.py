"""The home page: what is due this week in EPI-Stocks, late sites first."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models.habilitation import Domain
from common.home import Kind
from common.weeks import current_week, shift
from epi_stocks import home
from epi_stocks.models import EpiItem, ExpectedCategory, InventoryLine, WeeklyInventory
from epi_stocks.services.saving import CellChange, save_cells
from tests.builders import make_establishment, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    site = make_establishment(name="Hôpital Saint-Aubin")
    ExpectedCategory.objects.get_or_create(category=site.category, starts_on=date(2020, 1, 6))
    return site


@pytest.fixture
def operator(site):
    return make_person("OIE", on=site)


def declare(user, site, week=None):
    items = EpiItem.objects.on(week or current_week()).top()
    cells = [(item.pk, measure) for item in items for measure in ("stock", "daily", "supply")]
    changes = [CellChange(item, measure, 5, None) for item, measure in cells]
    save_cells(by=user, week=week or current_week(), establishment_id=site.pk, changes=changes)


def behind(user, site):
    """Late whatever the hour of the test: nothing since three weeks ago."""
    declare(user, site, week=shift(current_week(), -1))
    old = {"week": shift(current_week(), -3)}
    InventoryLine.objects.filter(establishment=site).update(**old)
    WeeklyInventory.objects.filter(establishment=site).update(**old)


def begin(user, site):
    changes = [CellChange(1, "stock", 5, None)]
    save_cells(by=user, week=current_week(), establishment_id=site.pk, changes=changes)


def test_a_late_site_comes_first_then_the_one_begun(operator, site):
    begun = make_establishment(legal_entity=site.legal_entity, name="EHPAD Les Tilleuls")
    done = make_establishment(legal_entity=site.legal_entity, name="USLD Bel-Air")
    behind(operator, site)
    begin(operator, begun)
    declare(operator, done)
    late, entity = home.cards(operator)
    week = current_week()

    assert (late.kind, late.title) == (Kind.LATE, "Inventaire EPI, Hôpital Saint-Aubin")
    assert (entity.kind, entity.action_label) == (Kind.TO_FINISH, "Continuer")
    assert entity.url == reverse("epi_stocks:inventory", args=[begun.finess, week])
    detail = entity.detail.replace("\u00a0", " ")
    assert detail == f"Semaine {week.isocalendar().week} : 1 site sur 3 renseigné."


def test_when_only_late_sites_are_left_their_cards_say_it_all(operator, site):
    sister = make_establishment(legal_entity=site.legal_entity, name="EHPAD Les Tilleuls")
    declare(operator, sister)
    behind(operator, site)
    assert [card.kind for card in home.cards(operator)] == [Kind.LATE]


def test_a_late_site_beyond_the_first_ones_is_never_merely_to_do(operator, site):
    sites = [site, *(make_establishment(legal_entity=site.legal_entity) for _ in range(5))]
    for one in sites:
        behind(operator, one)
    cards = home.cards(operator)
    assert [card.kind for card in cards] == [Kind.LATE] * (home.MOST_LATE_SITES + 1)
    assert len({card.url for card in cards}) == len(cards)


def test_what_is_done_is_said_to_be_done(operator, site):
    declare(operator, site)
    (card,) = home.cards(operator)
    assert (card.kind, card.action_label) == (Kind.DONE, "Relire")


def test_what_nobody_expects_is_neither_due_nor_done(operator, site):
    ExpectedCategory.objects.all().delete()
    assert home.cards(operator) == []
    begin(operator, site)
    (card,) = home.cards(operator)
    assert card.kind is Kind.TO_FINISH


def test_a_single_late_site_is_told_once(operator, site):
    declare(operator, site, week=shift(current_week(), -1))
    assert len(home.cards(operator)) == 1


def test_who_fills_nothing_has_no_inventory_due(site):
    assert home.cards(make_person("APE", on=site)) == []


@pytest.mark.parametrize(
    ("code", "domain", "names"),
    [
        ("OIE", None, ["epi_stocks:inventory_start", "aid"]),
        ("OCE", None, ["aid"]),
        ("APE", None, ["epi_stocks:inventory_start"]),
        ("ARL", Domain.EPI_STOCK, ["epi_stocks:visu"]),
        ("NAT", Domain.EPI_STOCK, ["epi_stocks:visu", "aid"]),
        ("GF", None, []),
    ],
)
def test_the_menu_leads_each_role_to_its_page(site, code, domain, names):
    person = make_person(
        code, on=site if code in ("OIE", "OCE", "APE", "GF") else None, domain=domain
    )
    urls = [item.url for item in home.menu(person)]
    assert urls == [reverse(name) for name in names]


def test_an_administrator_is_led_to_read_their_site(site):
    client = Client()
    client.force_login(make_person("APE", on=site))
    answer = client.get(reverse("epi_stocks:inventory_start"))
    assert answer["Location"] == reverse("epi_stocks:inventory", args=[site.finess, current_week()])


@pytest.mark.parametrize(
    ("code", "domain", "name"),
    [
        ("OIE", None, "epi_stocks:inventory_start"),
        ("APE", None, "epi_stocks:inventory_start"),
        ("ARL", Domain.EPI_STOCK, "epi_stocks:visu"),
    ],
)
def test_the_short_address_leads_where_the_menu_does(site, code, domain, name):
    client = Client()
    client.force_login(make_person(code, on=None if code == "ARL" else site, domain=domain))
    assert client.get("/epi-stocks/")["Location"] == reverse(name)


def test_the_short_address_opens_for_nobody_that_the_menu_leads_nowhere(site):
    client = Client()
    client.force_login(make_person("GF", on=site))
    assert client.get("/epi-stocks/").status_code == 403
