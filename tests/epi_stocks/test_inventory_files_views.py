"""Files in and out of the inventory, reopening, coverage and the national settings: the screens."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models.habilitation import Domain
from common.weeks import current_week, shift, week_label
from epi_stocks.models import (
    CentralCoverage,
    DeclarationRule,
    EpiItem,
    InventoryLine,
    TensionThreshold,
    WeeklyInventory,
)
from epi_stocks.services.saving import CellChange, save_cells
from journal.models import Entry
from tests.builders import make_establishment, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_establishment(is_main=True)


@pytest.fixture
def operator(client_for, site):
    return client_for("OIE", on=site)


@pytest.fixture
def national():
    client = Client()
    client.user = make_person("NAT", domain=Domain.EPI_STOCK)
    client.force_login(client.user)
    return client


def fill(user, site, value, week=None):
    save_cells(
        by=user,
        week=week or current_week(),
        establishment_id=site.pk,
        changes=[CellChange(1, "stock", value, None)],
    )


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


def body_of(response):
    return b"".join(response.streaming_content)


# Files out


@pytest.mark.parametrize(("reach", "count"), [("site", 1), ("entite", 2)])
def test_what_was_declared_is_taken_away(operator, site, reach, count):
    sister = make_establishment(legal_entity=site.legal_entity)
    fill(operator.user, site, 12)
    fill(operator.user, sister, 0)
    address = reverse("epi_stocks:inventory_file", args=[site.finess])
    response = operator.get(address, {"de": reach, "semaine": "toutes", "format": "xlsx"})

    rows = list(load_workbook(io.BytesIO(body_of(response))).active.iter_rows(values_only=True))
    assert len(rows) == count + 1
    assert site.finess in [row[0] for row in rows]
    assert Entry.objects.filter(verb="epi_stocks.exported").count() == 1


@pytest.mark.parametrize("asked", [{"format": "exe"}, {"de": "pays"}, {"semaine": "hier"}])
def test_a_file_that_does_not_exist_is_a_404(operator, site, asked):
    address = reverse("epi_stocks:inventory_file", args=[site.finess])
    assert operator.get(address, asked).status_code == 404


def test_the_page_of_files_offers_them_all(operator, site):
    text = text_of(operator.get(reverse("epi_stocks:inventory_files", args=[site.finess])))
    assert text.count("Télécharger en XLSX") == 4
    assert "Envoyer un fichier d’inventaire" in text


def test_somebody_elses_files_do_not_exist(client_for, site):
    stranger = client_for("OIE")
    for name in ("inventory_files", "inventory_file"):
        assert stranger.get(reverse(f"epi_stocks:{name}", args=[site.finess])).status_code == 404


# Files in


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


def test_the_refused_lines_of_a_huge_file_can_be_taken_away(operator):
    response = upload(operator, [f"numéro {n};rien;-{n}" for n in range(19_000)])
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


# Coverage and reopening


def test_the_main_site_ticks_those_it_covers(operator, site):
    sister = make_establishment(legal_entity=site.legal_entity, name="EHPAD La Roseraie")
    page = reverse("epi_stocks:inventory", args=[site.finess, current_week()])
    assert "ce tableau ne couvre que ce site" in text_of(operator.get(page))

    address = reverse("epi_stocks:inventory_coverage", args=[site.finess, current_week()])
    response = operator.post(address, {"couvre": [str(sister.pk)]}, follow=True)

    assert CentralCoverage.objects.get().covered == sister
    assert f"couvert par {site.name}" in text_of(response)
    assert "ce tableau couvre aussi 1 autre site" in text_of(response)
    operator.post(address, {"vu": [str(sister.pk)]})
    assert not CentralCoverage.objects.exists()


def test_a_site_of_somebody_else_is_never_covered(operator, site):
    other = make_establishment()
    address = reverse("epi_stocks:inventory_coverage", args=[site.finess, current_week()])
    operator.post(address, {"couvre": [str(other.pk)]})
    assert not CentralCoverage.objects.exists()


@pytest.fixture
def closed(site):
    return reverse("epi_stocks:inventory_reopen", args=[site.finess, shift(current_week(), -3)])


def test_the_ars_reopens_a_week_with_a_reason(client_for, operator, site, closed):
    ars = client_for("ARA")
    tomorrow = timezone.localdate() + timedelta(days=1)
    refused = ars.post(closed, {"last_day": str(tomorrow), "reason": " "})
    assert refused.status_code == 422

    ars.post(closed, {"last_day": str(tomorrow), "reason": "Erreur de saisie signalée"})
    page = reverse("epi_stocks:inventory", args=[site.finess, shift(current_week(), -3)])
    reopened = text_of(operator.get(page))
    assert 'name="1-stock"' in reopened
    assert "Motif : Erreur de saisie signalée" in reopened
    assert "Prolonger ou clore cette réouverture" in text_of(ars.get(page))

    ars.post(closed, {"clore": "1"})
    assert 'name="1-stock"' not in text_of(operator.get(page))


def test_an_operator_does_not_reopen(operator, closed):
    assert operator.get(closed).status_code == 403


# Settings


def test_the_national_cell_counts_goggles_from_this_week(national):
    goggles = EpiItem.objects.get(code="lunettes")
    address = reverse("epi_stocks:settings")
    national.post(
        address,
        {
            "reglage": "equipement",
            "equipement-item_id": goggles.pk,
            "equipement-is_counted": "oui",
            "equipement-week": str(current_week()),
        },
    )
    assert EpiItem.objects.on(current_week()).filter(pk=goggles.pk).exists()


def test_thresholds_that_do_not_grow_are_refused(national):
    sent = {"reglage": "seuils", "seuils-item_id": "", "seuils-week": str(current_week())}
    wrong = {"seuils-shortage": 9, "seuils-critical": 7, "seuils-tense": 21}
    response = national.post(reverse("epi_stocks:settings"), sent | wrong)
    assert response.status_code == 422
    assert "Les seuils doivent croître" in text_of(response)

    right = {"seuils-shortage": 2, "seuils-critical": 9, "seuils-tense": 30}
    assert national.post(reverse("epi_stocks:settings"), sent | right).status_code == 302
    assert TensionThreshold.objects.get(item=None, starts_on=current_week()).tense == 30


def test_the_calendar_changes_from_a_week_on(national):
    week = shift(current_week(), 1)
    sent = {
        "reglage": "calendrier",
        "calendrier-expected_weekday": 2,
        "calendrier-expected_time": "12:00",
        "calendrier-closes_after_days": 10,
        "calendrier-week": str(week),
    }
    assert national.post(reverse("epi_stocks:settings"), sent).status_code == 302
    assert DeclarationRule.objects.for_week(week).closes_after_days == 10
    assert DeclarationRule.objects.for_week(current_week()).closes_after_days == 14


def test_a_category_leaves_the_expected_ones(national, site):
    sent = {
        "reglage": "categorie",
        "categorie-code": site.category_id,
        "categorie-is_expected": "oui",
        "categorie-week": str(current_week()),
    }
    response = national.post(reverse("epi_stocks:settings"), sent, follow=True)
    assert site.category.label in text_of(response)


def test_an_unknown_setting_is_a_bad_request(national):
    assert national.post(reverse("epi_stocks:settings"), {"reglage": "x"}).status_code == 400


def test_only_the_national_cell_settles(operator):
    assert operator.get(reverse("epi_stocks:settings")).status_code == 403
