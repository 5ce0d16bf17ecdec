"""Inventories by file: what is offered, the check, the confirmation: the screens."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from common.weeks import current_week, shift, week_label
from epi_stocks.models import CentralCoverage, InventoryLine, WeeklyInventory
from epi_stocks.services.saving import CellChange, save_cells
from journal.models import Entry
from tests.builders import make_establishment

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_establishment(is_main=True)


@pytest.fixture
def operator(client_for, site):
    return client_for("OIE", on=site)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


def body_of(response):
    return b"".join(response.streaming_content)


def upload(client, rows, week=None, name="inventaire.csv"):
    header = "FINESS;Consommable;Stock;Consommation;Approvisionnement"
    content = "\n".join([header, *(f"{row};;" for row in rows)]).encode()
    return client.post(
        reverse("epi_stocks:inventory_import"),
        {"week": str(week or current_week()), "file": SimpleUploadedFile(name, content)},
    )


def test_a_file_is_checked_then_confirmed_once(operator, site):
    response = upload(operator, [f"{site.finess};Masques FFP2;1 200"])
    assert "Rien n’est encore enregistré." in text_of(response)
    assert "Déclarer 1 case pour 1 établissement" in text_of(response)
    assert not InventoryLine.objects.exists()

    apply = reverse(
        "epi_stocks:inventory_import_apply", args=[response.context["preview"].import_id]
    )
    assert operator.get(apply).status_code == 405
    assert "1 case déclarée pour 1 établissement" in text_of(operator.post(apply, follow=True))
    assert InventoryLine.objects.get(establishment=site).stock == 1200
    assert "a déjà été importé" in text_of(operator.post(apply, follow=True))


def test_a_total_that_the_file_replaces_by_sizes_is_told_before(operator, site):
    changes = [CellChange(4, "stock", 500, None), CellChange(4, "daily", 20, None)]
    place = {"week": current_week(), "establishment_id": site.pk}
    save_cells(by=operator.user, changes=changes, **place)
    response = upload(operator, [f"{site.finess};Gants médicaux XS;100"])
    sentence = (
        f"{site.name} : le total saisi pour « Gants » (stock 500, consommation 20) sera remplacé "
        "par la somme des tailles."
    )
    assert sentence in text_of(response)
    assert "sera remplacé" not in text_of(upload(operator, [f"{site.finess};Masques FFP2;1"]))


def test_refused_lines_are_all_told_and_taken_away(operator, site):
    response = upload(operator, [f"{site.finess};Masques FFP2;1,200", f"{site.finess};Tablier;-4"])
    assert response.status_code == 422
    assert "3 cases refusées" in text_of(response)
    assert not InventoryLine.objects.exists()

    errors = operator.post(
        reverse("epi_stocks:inventory_import_errors"), {"report": response.context["report"]}
    )
    assert "1,200" in body_of(errors).decode("utf-8-sig")


def test_the_refused_lines_of_a_file_wrong_from_end_to_end_can_be_taken_away(operator):
    response = upload(operator, [f"numéro {n};rien;-{n}" for n in range(1_200)])
    assert response.status_code == 422
    assert "Plus de 1\u202f000 cases refusées" in text_of(response)

    errors = operator.post(
        reverse("epi_stocks:inventory_import_errors"), {"report": response.context["report"]}
    )
    assert errors.status_code == 200
    assert len(body_of(errors).splitlines()) == 1 + 1_000


def test_a_forged_report_is_refused(operator):
    address = reverse("epi_stocks:inventory_import_errors")
    assert "a expiré" in text_of(operator.post(address, {"report": "x"}, follow=True))


def test_what_is_no_table_is_refused_with_what_is_accepted(operator):
    address = reverse("epi_stocks:inventory_import")
    sent = SimpleUploadedFile("photo.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    response = operator.post(address, {"week": str(current_week()), "file": sent})
    assert response.status_code == 422
    assert "XLSX" in text_of(response)


def test_the_template_names_my_establishments(operator, site):
    address = reverse("epi_stocks:inventory_import_template", args=[current_week()])
    sheet = load_workbook(io.BytesIO(body_of(operator.get(address)))).worksheets[0]
    assert site.finess in [str(row[0]) for row in sheet.iter_rows(values_only=True)]
    entry = Entry.objects.get(verb="epi_stocks.template_downloaded")
    assert (entry.by, entry.details) == (
        operator.user,
        {"week": str(current_week()), "establishments": 1},
    )


def finess_of_template(client, week=None):
    address = reverse("epi_stocks:inventory_import_template", args=[week or current_week()])
    sheet = load_workbook(io.BytesIO(body_of(client.get(address)))).worksheets[0]
    return {str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)}


def test_the_template_leaves_out_the_sites_another_declares_for(operator, site):
    covered = make_establishment(legal_entity=site.legal_entity)
    CentralCoverage.objects.create(declaring=site, covered=covered, first_week=current_week())
    assert finess_of_template(operator) == {site.finess}
    assert finess_of_template(operator, shift(current_week(), -1)) == {site.finess, covered.finess}


def test_only_open_weeks_are_offered_each_with_its_template(operator, site):
    response = operator.get(reverse("epi_stocks:inventory_import"))
    weeks = [current_week(), shift(current_week(), -1)]
    assert response.context["form"].fields["week"].choices == [
        (str(week), week_label(week)) for week in weeks
    ]
    for week in weeks:
        address = reverse("epi_stocks:inventory_import_template", args=[week])
        assert f'href="{address}"' in text_of(response)
    closed = upload(operator, [f"{site.finess};Masques FFP2;1"], week=shift(current_week(), -2))
    assert closed.status_code == 422


def test_a_week_reopened_for_a_site_is_offered_for_it_alone(operator, client_for, site):
    make_establishment(legal_entity=site.legal_entity)
    week = shift(current_week(), -20)
    until = timezone.now() + timedelta(days=1)
    WeeklyInventory.objects.create(week=week, establishment=site, reopened_until=until)
    for client, is_offered in ((operator, True), (client_for("OIE"), False)):
        page = client.get(reverse("epi_stocks:inventory_import"))
        assert (str(week) in dict(page.context["form"].fields["week"].choices)) is is_offered
    assert finess_of_template(operator, week) == {site.finess}
    assert upload(operator, [f"{site.finess};Masques FFP2;1"], week=week).status_code == 200
