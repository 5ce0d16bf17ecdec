"""The stocks of the three lists of vaccines for those who follow: late, by territory, files."""

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from medications.models import MonitoredList
from pui.region.refreshing import refresh_all
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, make_vaccine, make_wave, planned
from tests.vaccines.flu.pages import rows_of, text_of
from vaccines.models import SupplyLine

pytestmark = pytest.mark.django_db
Slug = MonitoredList.Slug
OF_SPF = [Slug.COVID, Slug.DEVICES]
REGION, LATE = "/dispostock/region/", "/dispostock/region/retards/"
STATE = "/dispostock/medicaments/etat-du-stock/"


def sent(world):
    return reverse("pui:transmission", kwargs={"slug": world.slug})


def downloaded(web, address):
    """Its lines, and that the workbook comes too."""
    assert b"".join(web.get(address.replace("csv", "xlsx"))).startswith(b"PK")
    return rows_of(web.get(address))


@pytest.mark.parametrize("code", ["ARA", "ARL", "OMD", "NAT", "NAL"])
def test_who_did_not_declare_is_in_the_late_list_with_its_file(world, web_of, code):
    world.declare(world.pui)
    web = web_of(code)
    shown = web.get(f"{LATE}?liste={world.slug}")
    assert_sound_html(shown)
    assert world.late.label in shown.text
    assert world.pui.label not in shown.text
    assert (world.far.label in shown.text) == (code in ("NAT", "NAL"))
    rows = downloaded(web, f"{LATE}telecharger/csv/?liste={world.slug}")
    assert world.late.label in {row["PUI"] for row in rows}
    assert Entry.objects.filter(verb="pui.late_exported", details__list=world.slug).exists()


@pytest.mark.parametrize("code", ["ARA", "ARL", "OMD", "NAT", "NAL"])
def test_the_stocks_of_a_territory_and_their_files(world, web_of, code):
    world.declare(world.pui)
    world.declare(world.far, 999)
    refresh_all()
    web = web_of(code)
    shown = web.get(f"{REGION}?liste={world.slug}")
    assert_sound_html(shown)
    is_country = code in ("NAT", "NAL")
    name = "region" if is_country else "pui"
    rows = downloaded(web, f"{REGION}telecharger/stocks/csv/?liste={world.slug}&lignes={name}")
    assert [row["Stock"] for row in rows].count("420,00") == 1
    assert ("999,00" in {row["Stock"] for row in rows}) == is_country
    lines = rows_of(web.get(f"{REGION}telecharger/detail/csv/?liste={world.slug}"))
    assert {row.get("UCD", row.get("Code")) for row in lines} == {world.first.code}


@pytest.mark.parametrize("code", ["GF", "APE", "ARA", "OMD", "NAT"])
def test_the_stock_of_a_pharmacy_and_its_file(world, web_of, code):
    world.declare(world.pui)
    web = web_of(code, world.pui.establishment if code in ("GF", "APE") else None)
    query = f"?liste={world.slug}&pui={world.pui.pk}"
    shown = web.get(f"{STATE}{query}")
    assert_sound_html(shown)
    assert world.first.code in shown.text
    rows = downloaded(web, f"{STATE}telecharger/csv/{query}")
    assert "420,00" in {row["Stock"] for row in rows}
    assert web.get(f"{STATE}{world.pui.pk}/{world.first.code}/").status_code == 200


@pytest.mark.parametrize("code", ["APE", "ARA", "OMD", "NAT"])
def test_those_who_read_find_what_was_sent_and_the_way_to_the_stocks(world, web_of, code):
    world.declare(world.pui)
    web = web_of(code, world.pui.establishment if code == "APE" else None)
    shown = web.get(sent(world))
    assert_sound_html(shown)
    assert world.pui.label in shown.text
    assert f"{STATE}?liste={world.slug}" in shown.text
    assert (f"{REGION}?liste={world.slug}" in shown.text) == (code != "APE")


def test_the_list_of_the_products_and_its_file(world, web_of):
    web = web_of(world.gf)
    address = reverse("medications:list", kwargs={"slug": world.slug})
    shown = web.get(address)
    assert_sound_html(shown)
    assert world.first.label in text_of(shown)
    found = text_of(web.get(f"{address}?recherche={world.first.code}"))
    assert world.first.label in found
    assert world.second.label not in found
    file = reverse("medications:list_file", kwargs={"slug": world.slug, "kind": "csv"})
    codes = {row.get("UCD", row.get("Code")) for row in downloaded(web, file)}
    assert codes == {world.first.code, world.second.code}


@pytest.fixture
def deliveries(world):
    """SPF delivers ``pui`` (flow A), the hospital of ``late`` delivers ``far`` (flow B)."""
    wave = make_wave(vaccine=make_vaccine(product=world.first))
    make_line(wave, pui=world.pui, recipient=make_establishment())
    flow_b = make_line(wave, pui=world.far, recipient=make_establishment(), pivot=world.late)
    planned(flow_b, 12, wave.delivers_on)


@pytest.mark.parametrize("world", OF_SPF, indirect=True)
def test_spf_reads_the_stocks_of_the_pharmacies_it_delivers_alone(world, web_of, deliveries):
    for pui in (world.pui, world.late, world.far):
        world.declare(pui)
    web, query = web_of("SPF"), f"?liste={world.slug}"
    for address in (sent(world), f"{STATE}{query}", reverse("vaccines:doses")):
        shown = web.get(address)
        assert_sound_html(shown)
        assert world.pui.label in shown.text, address
        assert world.far.label not in shown.text, address
        assert world.late.label not in shown.text, address
    assert world.pui.label in web.get(f"{STATE}{query}&pui={world.pui.pk}").text
    rows = downloaded(web, f"{STATE}telecharger/csv/{query}&pui={world.pui.pk}")
    assert "420,00" in {row["Stock"] for row in rows}
    assert web.get(f"{STATE}{query}&pui={world.far.pk}").status_code == 404
    assert web.get(f"{STATE}{world.far.pk}/{world.first.code}/").status_code == 404
    SupplyLine.objects.filter(flow="A").update(
        removed_at=timezone.now(), removal=SupplyLine.Removal.OTHER
    )
    assert web.get(f"{STATE}{query}&pui={world.pui.pk}").status_code == 404


@pytest.mark.parametrize("world", [Slug.FLU], indirect=True)
def test_spf_reads_nothing_of_the_flu_nor_of_other_medicines(world, web_of, deliveries):
    world.declare(world.pui)
    web = web_of("SPF")
    assert web.get(sent(world)).status_code == 403
    for slug in (Slug.FLU, Slug.OTHERS):
        assert web.get(f"{STATE}?liste={slug}&pui={world.pui.pk}").status_code == 403


def test_spf_is_not_told_that_it_has_no_pharmacy(web_of, db):
    shown = web_of("SPF").get(reverse("pui:home"))
    assert_sound_html(shown)
    assert "Aucune PUI" not in shown.text


def test_a_pivot_hospital_reads_its_own_stocks_not_those_it_delivers(world, web_of, deliveries):
    world.declare(world.far)
    web = web_of(make_person("GF", on=world.late.establishment))
    query = f"?liste={world.slug}"
    assert web.get(f"{STATE}{query}&pui={world.late.pk}").status_code == 200
    assert web.get(f"{STATE}{query}&pui={world.far.pk}").status_code == 404


@pytest.mark.parametrize("code", ["OIE", "USR", "DEP"])
def test_others_read_nothing(world, web_of, code):
    web = web_of(code, make_pui().establishment if code == "OIE" else None)
    for address in (sent(world), f"{STATE}?liste={world.slug}", f"{LATE}?liste={world.slug}"):
        assert web.get(address).status_code == 403, address
