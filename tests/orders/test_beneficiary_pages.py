"""The list of beneficiaries, its filters and its file; the regions served."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from establishments.models import LegalStatus
from journal.models import Entry
from orders.models import Beneficiary, Platform, ServedRegion
from orders.rules import served_regions
from orders.services.errors import OrderingError
from orders.services.regions import serve_region, stop_region
from orders.tasks.beneficiaries import refresh_list
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.orders.builders import make_beneficiary

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = reverse("orders:beneficiaries")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def cell():
    return make_person("NAT", domain="distrilog")


@pytest.fixture
def world():
    lyon = make_department("69", "Rhône", make_region("84", "Auvergne-Rhône-Alpes"))
    spf = Platform.objects.create(code="nord", label="Plateforme SPF Nord")
    public = LegalStatus.objects.create(code="13", label="EPS", is_public=True)
    entity = make_legal_entity(name="CHU de la Loire", legal_status=public)
    return {
        "home": make_beneficiary(make_establishment(name="EHPAD du Parc", siret="9" * 14,
                                                    category=make_category("500", "EHPAD"))),
        "chu": make_beneficiary(entity, platform=spf),
        "lyon": make_beneficiary(make_establishment(department=lyon, name="Clinique des Pentes")),
        "gone": make_beneficiary(make_establishment(name="EHPAD fermé"), is_listed=False),
    }  # fmt: skip


def names(response):
    return {one.place.name for one in response.context["page"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"EHPAD du Parc", "CHU de la Loire", "Clinique des Pentes"}),
        ({"region": "84"}, {"Clinique des Pentes"}),
        ({"numero": "EJ"}, {"CHU de la Loire"}),
        ({"logisticien": "spf"}, {"CHU de la Loire"}),
        ({"categorie": "500"}, {"EHPAD du Parc"}),
        ({"recherche": "pentes"}, {"Clinique des Pentes"}),
        ({"liste": "sortis"}, {"EHPAD fermé"}),
        ({"region": "zz", "numero": "x"}, {"EHPAD du Parc", "CHU de la Loire",
                                           "Clinique des Pentes"}),
    ],
)  # fmt: skip
def test_each_filter_keeps_what_it_says(world, cell, query, found):
    assert names(client_of(cell).get(PAGE, query)) == found


def test_a_number_is_found_as_it_is_written(world, cell):
    number = world["home"].place.finess_text
    assert names(client_of(cell).get(PAGE, {"recherche": number})) == {"EHPAD du Parc"}


def test_an_ars_reads_its_region_alone_and_refreshes_nothing(world):
    client = client_of(make_person("ARA", on=make_region("84")))
    assert names(client.get(PAGE)) == {"Clinique des Pentes"}
    assert client.post(reverse("orders:beneficiaries_refresh")).status_code == 403


def test_the_file_holds_the_filtered_list(world, cell):
    response = client_of(cell).get(
        reverse("orders:beneficiaries_file", args=["csv"]), {"numero": "EJ"}
    )
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert [row[:3] for row in rows[1:]] == [["CHU de la Loire", world["chu"].finess, "EJ"]]
    entry = Entry.objects.get(verb="orders.beneficiaries_exported")
    assert (entry.details["rows"], entry.details["filters"]) == (1, {"Numéro qui commande": "EJ"})


def test_the_list_takes_as_many_queries_for_four_as_for_twenty(world, cell, client, count_queries):
    client.force_login(cell)
    count_queries(PAGE)
    few = count_queries(PAGE)
    for _ in range(16):
        make_beneficiary(make_establishment())
    assert count_queries(PAGE) == few


def test_the_button_brings_the_list_in_step_and_counts(cell):
    home = make_beneficiary(make_establishment(category=make_category("500"), siret="9" * 14))
    site = home.place
    make_establishment(category=site.category, siret="9" * 14)
    site.closed_on = timezone.localdate()
    site.save()
    page = client_of(cell).post(reverse("orders:beneficiaries_refresh"), follow=True)
    assert "1 ajouté, 0 corrigé, 1 sorti" in page.text


def test_each_night_the_list_follows_the_directory():
    site = make_beneficiary().place
    Beneficiary.objects.all().delete()
    refresh_list(timestamp=0)
    assert Beneficiary.objects.get().place == site


def test_a_region_is_served_from_a_day_on_and_stopped_from_another(cell):
    today, region = timezone.localdate(), make_region("01", "Guadeloupe", is_overseas=True)
    serve_region(by=cell, region=region, starts_on=today + DAY)
    assert "01" not in served_regions(today)
    assert "01" in served_regions(today + DAY)
    stop_region(by=cell, region=region, stops_on=today + 3 * DAY)
    assert "01" in served_regions(today + 2 * DAY)
    assert "01" not in served_regions(today + 3 * DAY)
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"orders.region_served", "orders.region_stopped"} <= verbs


def test_a_region_is_not_served_twice_nor_in_the_past_nor_by_an_ars(cell):
    today, region = timezone.localdate(), make_region("01", "Guadeloupe", is_overseas=True)
    serve_region(by=cell, region=region, starts_on=today)
    with pytest.raises(OrderingError, match="déjà servie"):
        serve_region(by=cell, region=region, starts_on=today + DAY)
    with pytest.raises(OrderingError, match="pas pour le passé"):
        stop_region(by=cell, region=region, stops_on=today - DAY)
    with pytest.raises(OrderingError, match="Seule la cellule"):
        stop_region(by=make_person("ARA"), region=region, stops_on=today)


def test_the_page_of_regions_previews_then_writes(cell):
    make_region("01", "Guadeloupe", is_overseas=True)
    client, today = client_of(cell), timezone.localdate().isoformat()
    address = reverse("orders:region", args=["01"])
    page = client.post(address, {"day": today})
    assert "sera servie à partir du" in page.text
    assert not ServedRegion.objects.exists()
    client.post(address, {"day": today, "seen": page.context["seen"], "confirmer": "oui"})
    assert ServedRegion.objects.get().region_id == "01"
    assert "Servie depuis le" in client.get(reverse("orders:served_regions")).text
    assert "Ne plus servir" in client.get(address).text


def test_a_button_pressed_twice_does_not_do_the_contrary(cell):
    """The second click still means « servir »: it is refused, the region stays served."""
    make_region("01", "Guadeloupe", is_overseas=True)
    client, today = client_of(cell), timezone.localdate().isoformat()
    sent = {"day": today, "seen": "False", "confirmer": "oui"}
    address = reverse("orders:region", args=["01"])
    client.post(address, sent)
    page = client.post(address, sent)
    assert page.status_code == 422
    assert "déjà servie" in page.text
    assert ServedRegion.objects.get().ends_on is None


def test_a_region_stopped_today_leaves_the_list_at_once(cell):
    home = make_beneficiary()
    stop_region(by=cell, region=home.region, stops_on=timezone.localdate())
    home.refresh_from_db()
    assert not home.is_listed
    serve_region(by=cell, region=home.region, starts_on=timezone.localdate())
    home.refresh_from_db()
    assert home.is_listed


def test_a_region_that_is_stopped_before_its_day_was_never_served(cell):
    today, region = timezone.localdate(), make_region("01", "Guadeloupe", is_overseas=True)
    serve_region(by=cell, region=region, starts_on=today + 2 * DAY)
    stop_region(by=cell, region=region, stops_on=today + DAY)
    assert not ServedRegion.objects.filter(region=region).exists()
    with pytest.raises(OrderingError, match="déjà plus servie"):
        stop_region(by=cell, region=region, stops_on=today + DAY)


def test_nobody_but_the_national_cell_serves_a_region():
    region = make_region("01", "Guadeloupe", is_overseas=True)
    with pytest.raises(OrderingError, match="Seule la cellule"):
        serve_region(by=make_person("ARA"), region=region, starts_on=timezone.localdate())
