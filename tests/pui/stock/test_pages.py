"""« Etat du stock » as its readers see it: one's pharmacies, one of a territory, a file."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from journal.models import Entry
from medications.models import Priority, Product
from pui.models import Pui
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.html_rules import words_of_medicines
from tests.pui.builders import (
    make_followed,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)

pytestmark = pytest.mark.django_db
STATE = "/dispostock/medicaments/etat-du-stock/"


@pytest.fixture
def products():
    curare = make_reference("ROCURONIUM", "10 mg/ml")
    return {
        "midazolam": make_followed(make_product("MIDAZOLAM"), priority=Priority.NATIONAL),
        "rocuronium": make_followed(make_product("ROCURONIUM", reference=curare)),
        "silent": make_followed(make_product("SILENCIEUX", reference=curare)),
    }


@pytest.fixture
def declared(pui, products, due_days, declare):
    lines = {products["midazolam"]: (5, 10), products["rocuronium"]: (300, 10)}
    for rank in (3, 2, 1, 0):
        declare(pui, due_days[rank], lines)
    return lines


@pytest.fixture
def page(client, gf, declared):
    """``page("niveau=tension")``: the text of the page as the GF sees it."""
    client.force_login(gf)

    def get(query="", path=STATE):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 200
        return answer.content.decode().replace("\u202f", " ")

    return get


def test_the_gf_sees_each_line_its_level_in_words_and_how_fresh_it_is(page, due_days):
    text = page()
    assert "Rupture</span>" in text
    assert "Suffisante</span>" in text
    assert f"À jour, échéance du {due_days[0]:%d/%m}" in text
    assert "non déclaré" in text


@pytest.mark.parametrize(
    ("query", "kept", "gone"),
    [
        ("niveau=tension", "MIDAZOLAM", "ROCURONIUM"),
        ("niveau=suffisante", "ROCURONIUM", "MIDAZOLAM"),
        ("priorite=1", "MIDAZOLAM", "ROCURONIUM"),
        ("declaration=non-declare", "SILENCIEUX", "MIDAZOLAM"),
        ("recherche=roc", "ROCURONIUM", "MIDAZOLAM"),
    ],
)
def test_each_filter_keeps_what_it_says(page, query, kept, gone):
    text = page(query)
    rows = text[text.index('<tbody role="rowgroup">') :]
    assert f"<strong>{kept}</strong>" in rows
    assert f"<strong>{gone}</strong>" not in rows


def test_what_is_nearest_to_run_out_comes_first_and_the_unknown_last(page):
    text = page()
    places = [text.index(f"<strong>{name}</strong>") for name in ("MIDAZOLAM", "ROCURONIUM")]
    assert places == sorted(places)
    assert text.index("<strong>SILENCIEUX</strong>") > places[1]


def test_it_is_sorted_as_asked_and_says_by_what(page):
    text = page("tri=stock")
    assert text.index("<strong>MIDAZOLAM</strong>") < text.index("<strong>ROCURONIUM</strong>")
    assert 'aria-sort="ascending"' in text


def test_the_three_levels_are_one_choice(page):
    assert "Stock par UCD de référence" in page("par=reference")
    text = page("par=dci")
    assert "Stock par DCI" in text
    assert "<strong>ROCURONIUM</strong>" in text
    assert "<strong>SILENCIEUX</strong>" not in text


def test_an_odd_address_is_a_page_all_the_same(page):
    for query in ("par=x", "niveau=x", "priorite=x", "dci=x", "tri=x", "page=x", "page=99"):
        assert "Etat du stock" in page(query)


def test_a_drawing_has_its_values_in_its_name(page, due_days):
    assert f"{due_days[0]:%d/%m}\u00a0: 300" in page()


def test_nobody_opens_the_pharmacy_of_another_region(client_for, pui):
    other = make_region("11", "Île-de-France")
    stranger = client_for("ARL", on=other)
    for address in (f"{STATE}?pui={pui.pk}", f"{STATE}{pui.pk}/9000001/"):
        assert stranger.get(address).status_code == 404
    for odd in ("pui=0", "pui=x", "pui=99999999999999", "etablissement=x"):
        assert stranger.get(f"{STATE}?{odd}").status_code == 404


def test_whoever_follows_a_region_chooses_a_pharmacy_then_all_of_its_site(
    client_for, pui, site, declared
):
    reader = client_for("ARL", on=make_region())
    text = reader.get(STATE).content.decode()
    assert pui.label in text
    assert "Aucune PUI ne correspond" in reader.get(f"{STATE}?recherche=zzz").content.decode()
    text = reader.get(f"{STATE}?pui={pui.pk}").content.decode()
    assert "MIDAZOLAM" in text
    assert "Transmettre un stock" not in text
    make_pui("PUI Annexe", on=site)
    text = reader.get(f"{STATE}?etablissement={site.finess}").content.decode()
    assert "PUI Annexe" in text
    assert "Jamais déclaré" in text


@pytest.fixture
def vaccine(gf, pui, due_days, calendar):
    """A flu vaccine, declared at the last due day of its own list."""
    product = make_followed(make_product("VACCIN GRIPPAL"), slug="grippe")
    now = calendar.due_at(due_days[0]) - timedelta(hours=1)
    lines = {product: (40, 2)}
    make_transmission(pui, lines, by=gf, due_on=due_days[0], slug="grippe", now=now)
    return product


def test_each_list_has_its_own_state(page, client_for, pui, vaccine, due_days):
    """A vaccine is declared with its list: it has its stock, its days and its freshness."""
    text = page("liste=grippe")
    assert "VACCIN GRIPPAL" in text
    assert "ROCURONIUM" not in text
    assert f"À jour, échéance du {due_days[0]:%d/%m}" in text
    assert f"/dispostock/vaccins/grippe/stock/?pui={pui.pk}" in text
    assert "VACCIN" not in page()
    assert "Priorité nationale en tension" in page()
    assert "Priorité nationale en tension" not in text
    reader = client_for("ARL", on=make_region())
    assert f"?liste=grippe&amp;pui={pui.pk}" in reader.get(f"{STATE}?liste=grippe").text
    assert "VACCIN GRIPPAL" in reader.get(f"{STATE}?liste=grippe&pui={pui.pk}").text


def test_the_code_of_a_device_is_no_ucd(page):
    device = make_product("Seringue", code="DSV9", kind=Product.Kind.DEVICE, substance=None)
    make_followed(device, slug="dispositifs")
    text = page("liste=dispositifs")
    assert "Code DSV9, fictif" in text
    assert words_of_medicines(text) == []


def test_the_file_of_devices_has_no_column_of_medicines(client, gf, declared):
    device = make_product("Seringue", code="DSV9", kind=Product.Kind.DEVICE, substance=None)
    make_followed(device, slug="dispositifs")
    client.force_login(gf)
    answer = client.get(f"{STATE}telecharger/csv/?liste=dispositifs")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert words_of_medicines(text) == []
    assert text.startswith("Dispositif;Code;")


def test_the_page_of_a_vaccine_speaks_of_its_list(page, pui, vaccine, due_days):
    text = page(path=f"{STATE}{pui.pk}/{vaccine.code}/")
    assert f"À jour, échéance du {due_days[0]:%d/%m}" in text
    assert f"{STATE}?pui={pui.pk}&amp;liste=grippe" in text
    assert "/dispostock/vaccins/grippe/stock/" in text


@pytest.mark.parametrize("slug", ["rien", "%00", "%C2%B2"])
def test_a_list_that_does_not_exist_is_not_found(client, gf, pui, slug):
    client.force_login(gf)
    assert client.get(f"{STATE}?liste={slug}").status_code == 404


def test_who_has_no_pharmacy_is_told_so(client_for):
    text = client_for("GF", on=make_establishment()).get(STATE).content.decode()
    assert "n’a pas de PUI ouverte" in text


def test_both_files_say_what_the_page_says_blank_where_it_is_unknown(page, client, due_days):
    answer = client.get(f"{reverse('pui:state_file', args=['csv'])}?tri=libelle")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    found = {row["Produit"]: row for row in rows}
    assert found["MIDAZOLAM"]["Stock"] == "5,00"
    assert found["MIDAZOLAM"]["Couverture"] == "Rupture"
    assert found["SILENCIEUX"]["Stock"] == ""
    assert found["ROCURONIUM"][f"Stock déclaré le {due_days[1]:%d/%m/%Y}"] in ("300", "300,0")
    answer = client.get(f"{reverse('pui:state_file', args=['xlsx'])}?niveau=tension")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["MIDAZOLAM"]
    assert Entry.objects.filter(verb="pui.state_exported").count() == 2


def test_the_page_of_a_product_tells_what_was_replaced_and_who_sent_it(
    page, gf, site, pui, products, due_days, declare, calendar
):
    other = make_person("GF", on=site)
    now = calendar.due_at(due_days[0]) + timedelta(hours=1)
    lines = {products["midazolam"]: (777, 10)}
    make_transmission(pui, lines, by=other, due_on=due_days[0], now=now)
    text = page(path=f"{STATE}{pui.pk}/{products['midazolam'].code}/")
    assert "777" in text
    assert str(other) in text
    assert "stock 5, conso 10" in text
    assert f"de {gf}" in text
    assert '<svg class="app-graphe' in text


def test_a_product_never_declared_has_a_page_and_one_of_no_list_has_none(
    page, client, pui, products
):
    text = page(path=f"{STATE}{pui.pk}/{products['silent'].code}/")
    assert "son stock est inconnu, ce qui n’est pas 0" in text
    stranger = make_product("HORS LISTE")
    assert client.get(f"{STATE}{pui.pk}/{stranger.code}/").status_code == 404


def test_the_other_pharmacies_of_the_entity_are_told_within_reach_only(
    client_for, site, pui, products, declared, due_days, declare
):
    annex = make_pui("PUI Annexe", on=site)
    away = make_establishment(legal_entity=site.legal_entity, department=make_department())
    far = make_pui("PUI Lointaine", on=away)
    declare(annex, due_days[0], {products["midazolam"]: (60, 1)})
    declare(far, due_days[0], {products["midazolam"]: (60, 1)}, by=make_person("GF", on=away))
    address = f"{STATE}{pui.pk}/{products['midazolam'].code}/"
    text = client_for("GF", on=site).get(address).content.decode()
    assert "PUI Annexe" in text
    assert "PUI Lointaine" not in text


@pytest.mark.parametrize("query", ["", "page=toutes", "par=reference", "par=dci"])
def test_the_number_of_statements_depends_on_nothing(
    client, gf, site, pui, products, declared, due_days, declare, count_queries, query
):
    client.force_login(gf)
    annex = make_pui("PUI Annexe", on=site)
    count_queries(f"{STATE}?{query}")
    few = count_queries(f"{STATE}?{query}")
    more = {make_followed(make_product(f"P{rank}")): (rank, 1) for rank in range(20)}
    declare(annex, due_days[0], more)
    declare(pui, due_days[0], {**declared, **more})
    assert count_queries(f"{STATE}?{query}") == few


def test_help_is_asked_from_the_medicine_that_runs_short(page, client_for, pui, vaccine, declared):
    product = Product.objects.get(label__startswith="MIDAZOLAM")
    query = urlencode({"pui": pui.pk, "produit": product.reference.label})
    asked = f"/dispostock/medicaments/demandes/nouvelle/?{query}".replace("&", "&amp;")
    address = f"{STATE}{pui.pk}/{product.code}/"
    assert asked in page(path=address)
    assert "Demander de l’aide pour" not in page(path=f"{STATE}{pui.pk}/{vaccine.code}/")
    assert "Demander de l’aide pour" not in client_for("ARL", on=make_region()).get(address).text
    Pui.objects.update(closed_on=timezone.localdate())
    assert "Demander de l’aide pour" not in page(path=address)
