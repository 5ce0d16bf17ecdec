"""The dashboards of orders, their files, and who reads what."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Domain
from journal.models import Entry
from orders.dashboard.refresh import refresh_all
from orders.dashboard.tables import TABLES
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_beneficiary, make_product, make_stock

pytestmark = pytest.mark.django_db
PAGE, STOCK = reverse("orders:dashboard"), reverse("orders:state_stock")


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
    assert "12 345" in text


def test_an_ars_reads_its_region_and_of_the_stock_a_word(full):
    answer = logged_in(full.ars).get(PAGE)
    assert_sound_html(answer)
    text = text_of(answer)
    assert "500 unités commandées ÷ 1 000 autorisées" in text
    assert "Disponible" in text
    assert "12 345" not in text
    assert "Bretagne" not in text
    assert STOCK not in answer.content.decode()
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
    page = client.get(PAGE)
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


def test_the_page_asks_as_many_questions_whatever_it_holds(full, count_queries, client):
    client.force_login(full.cell)
    count_queries(PAGE)
    before = count_queries(PAGE)
    for code, name in (("75", "Île-de-France"), ("93", "Provence")):
        department = make_department(code, name, region=make_region(f"R{code[:1]}", name))
        full.homes[code] = make_beneficiary(make_establishment(department=department))
        full.quota(code, used=100)
        full.delivered(code, days=4)
        make_stock(make_product(full.item), 10)
    refresh_all()
    assert count_queries(PAGE) == before
