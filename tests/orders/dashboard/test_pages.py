"""The dashboards of orders, their files, and who reads what."""

import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.models import Domain
from epi_stocks.models import RegionSummary
from journal.models import Entry
from orders.dashboard.attention import points
from orders.dashboard.parts import PARTS, Links
from orders.dashboard.refresh import refresh_all
from orders.dashboard.tables import TABLES
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_beneficiary, make_product, make_stock
from tests.orders.dashboard.conftest import WEEK

pytestmark = pytest.mark.django_db
PAGE, STOCK = reverse("orders:dashboard"), reverse("orders:state_stock")
PARTS_SHOWN = [one.ident for one in PARTS]
PART_OF_TABLE = {name: one.ident for one in PARTS for name in one.tables}


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.replace("\u202f", " ").split())


def csv_of(client, table, query=""):
    answer = client.get(reverse("orders:dashboard_file", args=[table, "csv"]) + query)
    return answer.getvalue().decode("utf-8-sig")


@pytest.fixture
def full(world):
    world.quota("orleans", granted=1_000, used=500, need=30)
    world.quota("rennes", granted=1_000, used=1_000, need=20)
    world.delivered("orleans", days=3)
    make_stock(make_product(world.item, units_per_pallet=1_000), 12_345)
    refresh_all()
    return world


def test_the_country_reads_all_with_its_formulas(full):
    answer = logged_in(full.cell).get(PAGE)
    assert_sound_html(answer)
    text = text_of(answer)
    assert "1 500 unités commandées ÷ 2 000 autorisées = 75 %" in text
    assert "500 unités non autorisées ÷ 2 500 de besoin = 20 %" in text
    assert "3 jours" in text
    assert "sur 20 000" in text
    assert "12 345" in text_of(logged_in(full.cell).get(f"{PAGE}?vue=stock"))


@pytest.mark.parametrize("part", PARTS_SHOWN)
def test_each_part_leads_to_the_others_with_its_filters(full, part):
    answer = logged_in(full.cell).get(f"{PAGE}?vue={part}&region=24")
    assert_sound_html(answer)
    tabs = {one.label: one for one in answer.context["tabs"]}
    assert [one.is_current for one in tabs.values()].count(True) == 1
    assert all("region=24" in one.url for one in tabs.values())
    assert len({one.url for one in tabs.values()}) == len(PARTS)


def test_every_table_has_its_part_and_every_figure_leads_to_one_of_them(full):
    assert PART_OF_TABLE.keys() == TABLES.keys()
    page = logged_in(full.cell).get(PAGE)
    for figure, url in page.context["figures"]:
        anchor = url.partition("#")[2]
        assert figure.ident == "pot-commun" or anchor in TABLES
        assert not url or f'id="{anchor}"' in logged_in(full.cell).get(url).content.decode()


def test_a_part_that_does_not_exist_is_the_essential(full):
    answer = logged_in(full.cell).get(f"{PAGE}?vue=autre")
    assert answer.context["part"].label == "L’essentiel"


def test_an_ars_reads_its_region_and_of_the_stock_a_word(full):
    answer = logged_in(full.ars).get(PAGE)
    assert_sound_html(answer)
    text = text_of(answer)
    assert "500 unités commandées ÷ 1 000 autorisées" in text
    for part in PARTS_SHOWN:
        page = logged_in(full.ars).get(f"{PAGE}?vue={part}")
        assert "12 345" not in text_of(page)
        assert "20 000" not in text_of(page)
        assert "Bretagne" not in text_of(page)
        assert STOCK not in page.content.decode()
    assert "Disponible" in text_of(logged_in(full.ars).get(f"{PAGE}?vue=stock"))
    assert logged_in(full.ars).get(STOCK).status_code == 403
    assert "12345" not in csv_of(logged_in(full.ars), "stock")


def test_an_ars_cannot_ask_for_another_region(full):
    text = text_of(logged_in(full.ars).get(f"{PAGE}?region=53"))
    assert "500 unités commandées ÷ 1 000 autorisées" in text


def test_before_anything_is_published_the_page_says_so(world):
    answer = logged_in(world.cell).get(PAGE)
    assert_sound_html(answer)
    assert "Rien à compter cette semaine" in text_of(answer)


@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_a_file_with_the_same_rows(full, table):
    client = logged_in(full.cell)
    page = client.get(f"{PAGE}?vue={PART_OF_TABLE[table]}")
    (shown,) = [one for one in page.context["tables"] if one.table.ident == table]
    lines = csv_of(client, table).strip().splitlines()
    assert len(lines) == 1 + len(shown.rows)
    answer = client.get(reverse("orders:dashboard_file", args=[table, "xlsx"]))
    assert answer.getvalue().startswith(b"PK")
    entry = Entry.objects.filter(verb="orders.dashboard_exported").last()
    assert entry.details["rows"] == len(shown.rows)


def test_a_file_keeps_the_filters_and_its_numbers_are_numbers(full):
    content = csv_of(logged_in(full.cell), "territoires", "?region=53")
    assert "Ille-et-Vilaine (35);1000;1000;100" in content
    assert "Loiret" not in content


@pytest.mark.parametrize(("table", "kind"), [("autre", "csv"), ("stock", "pdf")])
def test_another_file_does_not_exist(full, table, kind):
    url = reverse("orders:dashboard_file", args=[table, kind])
    assert logged_in(full.cell).get(url).status_code == 404


def test_the_country_reads_the_stock_of_each_warehouse(full):
    answer = logged_in(full.cell).get(STOCK)
    assert_sound_html(answer)
    text = text_of(answer)
    assert "12 345" in text
    assert "13" in text  # pallets
    file = logged_in(full.cell).get(reverse("orders:state_stock_file", args=["csv"]))
    assert b"12345" in file.getvalue()


def test_a_warehouse_reads_its_own_stock_alone(full):
    make_stock(make_product(full.item), 777, holder=full.bodies["spf"])
    spf = logged_in(make_person("SPF", domain=Domain.DISTRILOG))
    answer = spf.get(STOCK)
    assert_sound_html(answer)
    assert "777" in text_of(answer)
    assert "12 345" not in text_of(answer)
    assert spf.get(PAGE).status_code == 403


@pytest.mark.parametrize("part", PARTS_SHOWN)
def test_the_page_asks_as_many_questions_whatever_it_holds(full, count_queries, client, part):
    client.force_login(full.cell)
    page = f"{PAGE}?vue={part}"
    count_queries(page)
    before = count_queries(page)
    for code, name in (("75", "Île-de-France"), ("93", "Provence")):
        department = make_department(code, name, region=make_region(f"R{code[:1]}", name))
        full.homes[code] = make_beneficiary(make_establishment(department=department))
        full.quota(code, used=100)
        full.delivered(code, days=4)
        make_stock(make_product(full.item), 10)
    refresh_all()
    assert count_queries(page) == before


def said(world, user=None, **chosen):
    board = world.board(user, **chosen)
    return [one.text for one in points(board, Links(QueryDict(urlencode(chosen))))]


def test_nothing_to_look_at_is_said(world):
    world.quota("orleans", granted=1_000, used=894)
    assert said(world) == []
    assert "Rien de particulier" in text_of(logged_in(world.cell).get(PAGE))


def test_a_territory_that_has_ordered_nearly_all_is_named(world):
    world.quota("orleans", granted=1_000, used=100)
    world.quota("rennes", granted=1_000, used=900)
    (text,) = said(world)
    assert (
        text
        == "1\u00a0région a commandé 90\u00a0% ou plus des contingents\u00a0: Bretagne (90\u00a0%)."
    )
    assert said(world, world.ars) == []
    assert "1\u00a0département a" in said(world, region="53")[0]


def test_a_stock_under_ten_weeks_of_peak_is_named_in_weeks_or_for_an_ars_in_words(world):
    make_stock(make_product(world.item), 3_500)
    RegionSummary.objects.create(week=WEEK, item_id=world.item.pk, region_code="FR", daily=1_000)
    assert "(0,5)" in said(world)[0]
    (text,) = said(world, world.ars)
    assert text.startswith("Stock de l’État limité ou épuisé")
    assert "(limité)" in text
    assert "0,5" not in text


def test_a_nearly_full_warehouse_is_said_to_the_country_alone(world):
    make_stock(make_product(world.item, units_per_pallet=1), 17_999)
    assert said(world) == []
    make_stock(make_product(world.item, units_per_pallet=1), 1)
    assert said(world) == ["L’entrepôt de La Poste est rempli à 90\u00a0%."]
    assert said(world, world.ars) == []


def test_no_more_than_three_are_named(world):
    for code in ("41", "18", "36", "37"):
        department = make_department(code, f"Dép {code}", region=world.homes["orleans"].region)
        world.homes[code] = make_beneficiary(make_establishment(department=department))
        world.quota(code, granted=1_000, used=1_000)
    assert said(world, world.ars)[0].endswith("et 1\u00a0autre.")
