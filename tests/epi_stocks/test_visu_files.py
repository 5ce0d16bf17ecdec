"""The files of the real-time view say the same as its screens."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from journal.models import Entry
from tests.builders import make_line, make_region
from tests.epi_stocks.visu import GLOVES, VISU, WEEK, text

pytestmark = pytest.mark.django_db


def test_the_file_holds_exactly_the_rows_of_the_screen(client_for, region):
    client = client_for("ARA", on=make_region())
    address = reverse("epi_stocks:visu_file", args=["etablissements", "xlsx"])
    response = client.get(address, {"niveau": "rupture"})
    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[:4] == ("Établissement", "FINESS", "Catégorie", "Dép.")
    assert [row[0] for row in rows] == ["EHPAD Sans Masque"]
    assert rows[0][1] == region["shortage"].finess
    assert rows[0][6:9] == (0, 10, 0)


def test_every_item_of_the_places_in_view_can_be_listed_and_taken_in_one_file(client_for, region):
    make_line(region["tense"], WEEK, GLOVES, stock=0, daily=30)
    make_line(region["far"], WEEK, GLOVES, stock=0, daily=30)
    client = client_for("ARA", on=make_region())
    page = text(client.get(VISU, {"liste": "equipements"})).split('id="etablissements"')[1]
    assert "3 lignes." in page
    address = reverse("epi_stocks:visu_file", args=["equipements", "csv"])
    assert address in page
    file = client.get(address, {"liste": "equipements"}).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    assert [(row["Établissement"], row["Équipement"], row["Classe"]) for row in rows] == [
        ("CH Tendu", "Gants", "Rupture"),
        ("EHPAD Sans Masque", "Masques FFP2", "Rupture"),
        ("CH Tendu", "Masques FFP2", "Tendue"),
    ]


def test_those_who_are_late_wait_behind_a_link_while_every_item_is_listed(client_for, region):
    client = client_for("ARA", on=make_region())
    page = text(client.get(VISU, {"liste": "equipements", "niveau": "rupture"}))
    late = page.split('id="retards"')[1]
    assert "N’ont pas déclaré : 1 établissement</a>" in late
    assert f'href="{VISU}?niveau=rupture#retards"' in late
    assert 'id="retards"' in text(client.get(f"{VISU}?niveau=rupture"))


def test_a_blank_stays_blank_in_the_file(client_for, region):
    client = client_for("ARA", on=make_region())
    address = reverse("epi_stocks:visu_file", args=["etablissements", "csv"])
    file = client.get(address).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    tense = next(row for row in rows if row["Établissement"] == "CH Tendu")
    assert (tense["Stock"], tense["Conso / jour"], tense["Appro. prévu"]) == ("100", "10", "")


@pytest.mark.parametrize("table", ["retards", "territoires", "etablissements", "equipements"])
def test_a_file_taken_is_written_in_the_journal(client_for, region, table):
    client = client_for("ARA", on=make_region())
    address = reverse("epi_stocks:visu_file", args=[table, "csv"])
    client.get(address, {"departement": "18"}).getvalue()
    entry = Entry.objects.get(verb="epi.exported")
    assert entry.by == client.user
    assert entry.details["table"] == table
    assert entry.details["filters"] == "departement=18"


@pytest.mark.parametrize("path", [("etablissements", "pdf"), ("comptes", "csv")])
def test_a_file_that_does_not_exist_is_not_found(client_for, region, path):
    client = client_for("ARA", on=make_region())
    assert client.get(reverse("epi_stocks:visu_file", args=path)).status_code == 404
    assert not Entry.objects.filter(verb="epi.exported").exists()
