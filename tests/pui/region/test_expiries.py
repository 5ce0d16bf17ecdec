"""« Qui peut dépanner », the detail and the snapshot tell the nearest expiry."""

import csv
import gzip
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from pui.aid.stocks import catalogue_today
from pui.feeds.snapshots import folder_of
from pui.region.donors import find_donors
from pui.services.snapshots import make_snapshot
from tests.builders import make_department, make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.pui.region.conftest import NOW

pytestmark = pytest.mark.django_db
DONORS = "/dispostock/region/depanner/"
SOON, LATER = date(2021, 1, 31), date(2021, 6, 30)


@pytest.fixture
def twin(world):
    return make_pui("Jumelle", on=make_establishment(department=make_department("18", "Cher")))


def found_by(world, needing):
    user = make_person("ARA")
    return find_donors(user, catalogue_today(NOW), "CISATRACURIUM", needing, NOW)


def test_of_donors_as_near_the_nearest_expiry_comes_first_then_the_largest_surplus(world, twin):
    other = make_pui("Autre", on=make_establishment(department=make_department("18", "Cher")))
    world.declare(world.bourges, {world.cis: (900, 10, LATER)})
    world.declare(twin, {world.cis: (300, 10, SOON)})
    world.declare(other, {world.cis: (800, 10, SOON)})
    found = found_by(world, world.orleans)
    assert [one.pui for one in found.found] == [other, twin, world.bourges]


def test_without_a_place_to_help_the_largest_surplus_stays_first(world, twin):
    world.declare(world.bourges, {world.cis: (900, 10, LATER)})
    world.declare(twin, {world.cis: (300, 10, SOON)})
    assert [one.pui for one in found_by(world, None).found] == [world.bourges, twin]


def test_what_expires_within_a_week_is_no_surplus_and_is_counted(world):
    world.declare(world.bourges, {world.cis: (900, 10, NOW.date() + timedelta(days=6))})
    found = found_by(world, world.orleans)
    assert (found.found, found.expiring) == ([], 1)
    world.declare(
        world.bourges,
        {world.cis: (900, 10, NOW.date() + timedelta(days=7))},
        at=NOW + timedelta(hours=1),
    )
    assert [one.surplus for one in found_by(world, world.orleans).found] == [690]


def test_the_page_and_the_file_say_it_or_that_nobody_declared_it(world, twin, ars):
    world.declare(world.bourges, {world.cis: (900, 10, SOON)})
    world.declare(twin, {world.cis: (300, 10)})
    asked = {"produit": "cisatracurium", "pui": world.orleans.pk}
    page = ars.get(DONORS, asked)
    assert_sound_html(page)
    assert "péremption le 31/01/2021" in page.text
    assert "péremption non déclarée" in page.text
    file = b"".join(ars.get(DONORS, asked | {"fichier": "csv"})).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(file), delimiter=";")
    assert [one["Péremption la plus proche"] for one in rows] == ["2021-01-31", ""]


def test_the_full_detail_has_it_line_by_line(world, ars):
    world.declare(world.bourges, {world.cis: (900, 10, SOON), world.mida: (5, 1)})
    answer = ars.get(reverse("pui:region_file", args=["detail", "csv"]))
    file = b"".join(answer).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(file), delimiter=";")
    told = {one["Libellé"]: one["Péremption la plus proche"] for one in rows}
    assert told == {world.cis.label: "2021-01-31", world.mida.label: ""}


def test_the_snapshot_has_it_as_its_last_column(world, files_of_the_test):
    world.declare(world.bourges, {world.cis: (900, 10, SOON)})
    make_snapshot(NOW)
    code = world.bourges.establishment.region_id
    text = gzip.decompress((folder_of(NOW.date()) / f"{code}.csv.gz").read_bytes()).decode()
    assert ";suffisante;2021-01-31\r\n" in text
