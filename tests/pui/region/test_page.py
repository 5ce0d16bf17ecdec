"""« Stocks de la région »: who sees what, figures with their calculation."""

from decimal import Decimal

import pytest
from django.urls import reverse

from common.cover import Level
from medications.calendar import calendar_of
from medications.models import Monitoring, Priority, Product
from pui.region.detail import read_lines
from pui.region.explanations import key_figures
from pui.region.figures import in_tension
from pui.region.reading import read_page
from pui.region.rows import read_rows
from tests.builders import make_person
from tests.html_rules import assert_sound_html, words_of_medicines
from tests.pui.builders import (
    make_followed,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)
from tests.pui.region.conftest import NOW, REGION, read, rows_of, text_of

pytestmark = pytest.mark.django_db


def test_a_dci_is_in_tension_when_the_sums_of_the_territory_are_under_three_weeks(declared):
    user = make_person("ARA")
    page = read_page(read(user))
    assert {name: sums.days for name, sums in page.now.items()} == {
        "CISATRACURIUM": Decimal("52.5"),
        "MIDAZOLAM": Decimal("900.0"),
    }
    assert [(place.code, place.in_tension) for place in page.places] == [("45", 1), ("18", 0)]
    loiret = read_page(read(user, departement="45"))
    assert loiret.shortest[0] == "CISATRACURIUM"
    assert loiret.shortest[1].days == 5


def test_a_dci_that_is_not_of_priority_1_is_not_counted(declared):
    Monitoring.objects.filter(product=declared.cis).update(priority=Priority.HIGH)
    declared.refresh()
    assert set(read_page(read(make_person("ARA"))).now) == {"MIDAZOLAM"}


def test_what_is_left_out_of_a_cover_is_what_its_own_dci_left_out(declared, ars):
    """Midazolam has lines that cannot be counted; the shortest DCI, cisatracurium, has none."""
    declared.declare(declared.orleans, {declared.cis: (50, 10), declared.mida: (900, None)}, back=0)
    declared.refresh()
    figures = {
        one.ident: dict(one.parts) for one in key_figures(read_page(read(make_person("ARA"))))
    }
    assert figures["tension"]["Non retenues"].startswith("1\xa0ligne dont")
    assert figures["couverture"]["Non retenues"].startswith("0\xa0ligne dont")


def test_a_priority_dci_has_one_cover_whether_it_is_chosen_or_not(world):
    """Its UCDs of a lower priority count too: the figure does not change when one clicks on it."""
    lower = make_product("CISATRACURIUM B", reference=world.cis.reference)
    make_followed(lower, priority=Priority.HIGH)
    world.declare(world.orleans, {world.cis: (50, 10), lower: (350, 0)}, back=0)
    world.refresh()
    user = make_person("ARA")
    [whole] = read_page(read(user)).now.values()
    [chosen] = read_page(read(user, dci="CISATRACURIUM")).now.values()
    assert whole == chosen
    assert whole.days == 40


def test_no_stock_is_a_rupture_even_where_the_consumption_is_blank(world):
    """The page, the detail and « Etat du stock » have one rule."""
    world.declare(world.orleans, {world.cis: (0, None)}, back=0)
    world.refresh()
    user = make_person("ARA")
    for lines in ("pui", "departement", "region"):
        found, _ = read_rows(read(user, lignes=lines, niveau="rupture"))
        assert [(row.group, row.sums.level) for row in found] == [("CISATRACURIUM", Level.SHORTAGE)]
    page = read_page(read(user))
    assert in_tension(page.now.values()) == 1
    assert page.pharmacies.shortage == 1
    assert [line.level for line in read_lines(read(user))] == [Level.SHORTAGE]


def test_the_page_explains_its_figures_with_formula_inputs_date_and_what_is_left_out(declared, ars):
    text = text_of(ars.get(REGION, {"departement": "45"}))
    assert "DCI prioritaires en tension" in text
    assert "50 ÷ 10 par jour = 5,0 j" in text
    for term in ("Définition", "DCI comptées", "Non retenues", "Seuils", "Comparaison"):
        assert f"<dt>{term}</dt>" in text
    assert "priorité nationale 1" in text
    assert "Chiffres du 24/11" in text or "Chiffres du" in text


def test_each_department_of_the_map_is_a_link_and_its_values_are_a_table(declared, ars):
    text = text_of(ars.get(REGION))
    assert 'href="/dispostock/region/?departement=45"' in text
    assert "Voir les valeurs de la carte" in text


@pytest.mark.parametrize(("lines", "name"), [("pui", "PUI de"), ("etablissement", "CH de")])
@pytest.mark.parametrize("code", ["ARL", "ARA", "OMD"])
def test_a_region_sees_its_own_pharmacies_and_no_other(declared, client_for, code, lines, name):
    client = client_for(code)
    text = text_of(client.get(REGION, {"lignes": lines}))
    assert f"{name} Orléans" in text
    assert f"{name} Lyon" not in text


@pytest.mark.parametrize("lines", ["etablissement", "pui"])
def test_an_ars_sees_the_totals_of_another_region_and_never_its_pharmacies(declared, ars, lines):
    asked = {"region": "84", "lignes": lines}
    text = text_of(ars.get(REGION, asked))
    assert "Rhône" in text
    assert "PUI de Lyon" not in text
    assert "CH de Lyon" not in text
    assert "Le détail des PUI reste à leur ARS" in text
    assert ars.get(reverse("pui:region_file", args=["detail", "csv"]), asked).status_code == 404


def test_an_omedit_sees_its_region_alone(declared, client_for):
    client = client_for("OMD")
    assert client.get(REGION, {"region": "84"}).status_code == 404
    assert client.get(REGION, {"region": "pays"}).status_code == 404


def test_the_country_is_by_region_and_enters_one(declared, national):
    text = text_of(national.get(REGION))
    assert "France entière" in text
    assert 'href="/dispostock/region/?region=84"' in text
    inside = text_of(national.get(REGION, {"region": "84", "lignes": "pui"}))
    assert "PUI de Lyon" in inside


def test_the_pharmacies_of_the_country_are_read_for_one_dci(declared, national):
    asked = {"lignes": "pui"}
    assert "Choisissez une DCI ou une région" in text_of(national.get(REGION, asked))
    asked["dci"] = "CISATRACURIUM"
    text = text_of(national.get(REGION, asked))
    assert "PUI de Lyon" in text
    assert "PUI de Orléans" in text


def test_a_region_that_is_not_one_is_not_found(declared, national):
    assert national.get(REGION, {"region": "zz"}).status_code == 404


def test_a_list_without_priority_counts_all_it_follows(world, ars):
    make_followed(
        make_product("VACCIN", reference=make_reference("VACCIN", "1 dose")), slug="grippe"
    )
    text = text_of(ars.get(REGION, {"liste": "grippe"}))
    assert "DCI suivies en tension" in text


def test_an_empty_region_says_so(world, ars):
    assert "Aucun stock à montrer" in text_of(ars.get(REGION))


def test_the_number_of_statements_does_not_grow(
    declared, client_for, django_assert_max_num_queries
):
    client = client_for("ARL")
    with django_assert_max_num_queries(22) as few:
        client.get(REGION, {"lignes": "pui"})
    before = len(few)
    for number in range(6):
        pui = make_pui(f"PUI {number}", on=declared.orleans.establishment)
        product = make_followed(
            make_product(f"PROPOFOL {number}", reference=make_reference("PROPOFOL", f"{number} mg"))
        )
        declared.declare(pui, {product: (5, 5), declared.cis: (1, 1)}, back=0)
    declared.refresh()
    with django_assert_max_num_queries(before):
        client.get(REGION, {"lignes": "pui"})


@pytest.mark.parametrize("query", ["", "&produits=ucd", "&produits=rien", "&dci=Seringue+1+ml"])
def test_the_page_of_devices_speaks_of_neither_ucd_nor_dci(world, ars, query):
    device = make_product("Seringue 1 ml", code="DSV1", kind=Product.Kind.DEVICE, substance=None)
    Product.objects.filter(pk=make_followed(device, slug="dispositifs").pk).update(reference=None)
    day = calendar_of("dispositifs").past_dues(NOW, 1)[0]
    by = make_person("GF", on=world.orleans.establishment)
    lines = {device: (30, 10)}
    make_transmission(world.orleans, lines, by=by, due_on=day, slug="dispositifs", now=NOW)
    world.refresh()
    page = ars.get(f"{REGION}?liste=dispositifs{query}")
    assert_sound_html(page)
    assert "Seringue 1 ml" in page.text
    assert words_of_medicines(page.text) == []
    answer = ars.get(reverse("pui:region_file", args=["detail", "csv"]) + "?liste=dispositifs")
    (row,) = rows_of(answer)
    assert (row["Code"], row["Stock"], "DCI" in row) == ("DSV1", "30,00", False)
