"""Files out of the inventory, reopening, coverage and the national settings: the screens."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models.habilitation import Domain
from common.weeks import current_week, shift
from epi_stocks.models import (
    CentralCoverage,
    DeclarationRule,
    EpiItem,
    TensionThreshold,
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
