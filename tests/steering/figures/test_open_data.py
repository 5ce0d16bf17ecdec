"""Open data: each closed period once, masked, in files that are ready and described."""

import gzip
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.indicators import every_indicator
from common.weeks import shift
from epi_stocks.models import InventoryLine, TensionThreshold
from establishments.models import Establishment
from journal.models import Entry
from steering.models import Release
from steering.open_data import files
from steering.open_data.catalogue import schema_of
from steering.open_data.files import path_of
from steering.open_data.sets import DATASETS
from steering.services import open_data
from steering.services.open_data import publish_datasets
from tests.builders import make_category, make_establishment, make_line
from tests.epi_stocks.truth import expect
from tests.epi_stocks.visu import FFP2
from tests.html_rules import assert_sound_html
from tests.pui.table_schema import read_table
from tests.steering.figures.conftest import AFTER, COUNTS, WEEK

FILE = reverse("open_data_file", args=["stocks-epi"])
PAGE = reverse("open_data_set", args=["stocks-epi"])
HUB = reverse("open_data")
REFERENCES = {"indicateurs", "nomenclature-epi"}


def body(address):
    response = Client().get(address)
    assert response.status_code == 200
    return response.getvalue()


def rows(slug):
    found, faults = read_table(body(reverse("open_data_file", args=[slug])), schema_of(slug))
    assert faults == []
    return found


def line(slug, *, region="FR", department=None):
    found = [
        one for one in rows(slug) if (one["region"], one.get("departement")) == (region, department)
    ]
    assert len(found) == 1
    return found[0]


def test_a_closed_week_is_summed_by_department_region_and_country(country):
    publish_datasets(AFTER)
    loiret = line("stocks-epi", region="24", department="45")
    assert (loiret["secret"], loiret["etablissements"]) == (False, COUNTS["45"])
    assert (loiret["stock"], loiret["conso_jour"]) == (910, 70)
    assert (loiret["couverture_jours"], loiret["classe"]) == (13, "tendue")
    whole = line("stocks-epi")
    assert whole["etablissements"] == sum(COUNTS.values())
    assert whole["semaine"] == WEEK


def test_a_small_department_is_secret_with_another_that_would_tell_it(country):
    publish_datasets(AFTER)
    hidden = {row["departement"] for row in rows("stocks-epi") if row["secret"]}
    assert hidden == {"75", "77"}
    paris = line("stocks-epi", region="11", department="75")
    assert {paris[name] for name in ("etablissements", "stock", "conso_jour", "classe")} == {None}
    assert line("stocks-epi", region="11")["etablissements"] == 11
    entry = Entry.objects.filter(verb="steering.open_data_published", details__masked=2)
    assert entry.exists()


def test_of_too_few_entities_not_even_the_country_is_told():
    expect(make_category())
    for _ in range(4):
        make_line(make_establishment(), WEEK, FFP2, stock=100, daily=10)
    publish_datasets(AFTER)
    for slug in ("stocks-epi", "declarations-epi"):
        assert all(row["secret"] for row in rows(slug))
    assert {row["stock"] for row in rows("stocks-epi")} == {None}


def test_where_two_alone_changed_since_the_week_before_nothing_is_told(country):
    """Else the difference of two files would tell what these two have."""
    earlier = shift(WEEK, -1)
    known = InventoryLine.objects.filter(week=WEEK).select_related("establishment")
    changed = [one.pk for one in known.filter(establishment__department="45")[:2]]
    for one in known:
        stock = one.stock + 50 if one.pk in changed else one.stock
        make_line(one.establishment, earlier, FFP2, stock=stock, daily=one.daily)
    publish_datasets(AFTER)
    for place in ({"region": "FR"}, {"region": "24"}, {"region": "24", "department": "45"}):
        assert line("stocks-epi", **place)["secret"]
    assert not line("stocks-epi", region="53")["secret"]


@pytest.mark.parametrize("item", [None, FFP2])
def test_the_class_is_that_of_the_thresholds_of_the_week(country, item):
    """Those of the equipment, else those of all of them: the same as on the screens."""
    limits = {"shortage": 1, "critical": 14, "tense": 30}
    TensionThreshold.objects.filter(item=None).delete()
    TensionThreshold.objects.create(item_id=item, starts_on=WEEK, **limits)
    publish_datasets(AFTER)
    assert line("stocks-epi", region="24", department="45")["couverture_jours"] == 13
    assert line("stocks-epi", region="24", department="45")["classe"] == "critique"


def test_the_declarations_are_told_besides(country):
    publish_datasets(AFTER)
    assert line("declarations-epi", region="53")["taux"] == 100
    assert line("declarations-epi", region="53")["attendus"] == COUNTS["35"] + COUNTS["29"]


def test_a_week_still_open_is_not_told(country):
    publish_datasets(AFTER - timedelta(days=1))
    assert not Release.objects.filter(dataset="stocks-epi").exists()


def test_a_correction_made_after_changes_nothing_that_is_published(country):
    publish_datasets(AFTER)
    before = body(FILE)
    InventoryLine.objects.filter(week=WEEK).update(stock=1)
    assert publish_datasets(AFTER + timedelta(days=1)) == 0
    assert body(FILE) == before


def test_a_period_cannot_be_published_twice(country):
    publish_datasets(AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(dataset="stocks-epi", period=WEEK, published_at=AFTER, rows=[])


def test_a_worker_killed_before_the_files_makes_them_on_its_return(country, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(open_data, "write_files", killed)
        with pytest.raises(RuntimeError):
            publish_datasets(AFTER)
    assert Release.objects.exists()
    assert Client().get(FILE).status_code == 404
    assert publish_datasets(AFTER) == 0
    assert body(FILE)


def killed(*_):
    raise RuntimeError


def test_a_reference_is_told_again_only_when_it_changes(monkeypatch):
    assert publish_datasets(AFTER) == len(REFERENCES)
    assert publish_datasets(AFTER + timedelta(days=1)) == 0
    shorter = dict(list(every_indicator().items())[:-1])
    monkeypatch.setattr("steering.open_data.references.every_indicator", lambda: shorter)
    assert publish_datasets(AFTER + timedelta(days=2)) == 1


@pytest.mark.parametrize("slug", [*DATASETS, "stocks-pui"])
def test_each_dataset_has_a_page_and_a_schema_even_before_its_first_file(client, slug):
    assert_sound_html(client.get(reverse("open_data_set", args=[slug])))
    schema = client.get(reverse("open_data_set_schema", args=[slug])).json()
    assert schema["name"] == slug
    assert set(schema["primaryKey"]) <= {one["name"] for one in schema["fields"]}


def test_the_pages_tell_what_is_published_without_a_query(country, django_assert_num_queries):
    publish_datasets(AFTER)
    client = Client()
    client.get(HUB)  # what the frame of the site keeps
    for address in (HUB, PAGE, FILE, reverse("open_data_package")):
        with django_assert_num_queries(0):
            response = client.get(address)
            assert response.status_code == 200
            if response.streaming:
                response.getvalue()
    page = client.get(PAGE)
    assert_sound_html(page)
    assert_sound_html(client.get(HUB))
    assert "Licence Ouverte 2.0" in page.text
    assert "couverture_jours" in page.text


def test_a_file_goes_compressed_and_conditional(country):
    publish_datasets(AFTER)
    first = Client().get(FILE, headers={"Accept-Encoding": "gzip"})
    data = first.getvalue()
    assert data == path_of("stocks-epi").read_bytes()
    assert gzip.decompress(data) == body(FILE)
    for name, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        assert Client().get(FILE, headers={name: first[value]}).status_code == 304


def test_the_package_and_the_catalogue_name_every_file(country, client):
    publish_datasets(AFTER)
    package = client.get(reverse("open_data_package")).json()
    paths = [one["path"] for one in package["resources"]]
    assert f"http://testserver{FILE}" in paths
    assert all(body(path) for path in paths)
    catalogue = json.loads(client.get(reverse("open_data_catalogue")).content)
    found = {one["dct:identifier"] for one in catalogue["dcat:dataset"]}
    assert found == {*DATASETS, "stocks-pui"}


@pytest.mark.parametrize("name", ["stocks-epi-1999", "manifest", "jeux", "stocks-pui-0000"])
def test_a_file_that_is_not_published_is_not_found(country, name):
    publish_datasets(AFTER)
    assert Client().get(reverse("open_data_file", args=[name])).status_code == 404
    assert path_of("../secret") is None


def test_two_weeks_make_a_year_in_one_file(country):
    later = shift(WEEK, 1)
    for site in Establishment.objects.all():
        make_line(site, later, FFP2, stock=1, daily=1)
    publish_datasets(AFTER)
    publish_datasets(AFTER + timedelta(days=7))
    manifest = files.manifest_of("stocks-epi")
    assert [one["name"] for one in manifest["files"]][1:] == [
        f"stocks-epi-{year}" for year in sorted({WEEK.year, later.year}, reverse=True)
    ]
    assert line("stocks-epi")["semaine"] == later
