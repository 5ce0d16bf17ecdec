"""The weekly inventory page: what it shows, to whom, and how it works without script."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models.habilitation import Domain
from common.weeks import current_week, shift
from epi_stocks.models import CentralCoverage, EpiItem, ExpectedCategory
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.epi_stocks.grids import fill, page, stock, text_of

pytestmark = pytest.mark.django_db
HEADINGS = (
    "Stock utilisable restant (en unité)",
    "Consommation quotidienne anticipable cette semaine",
    "Approvisionnement prévu cette semaine",
)
LARGEST_PAGE = 60_000


@pytest.fixture
def site():
    return make_establishment()


@pytest.fixture
def operator(client_for, site):
    return client_for("OIE", on=site)


@pytest.fixture
def reader_for(site):
    """``reader_for("ARL")``: a client of that role in the domain EPI-Stocks, around the site."""

    def log_in(code, on=None):
        domain = Domain.EPI_STOCK if code in ("ARL", "NAT", "NAL") else None
        client = Client()
        client.user = make_person(code, on=site if code == "APE" else on, domain=domain)
        client.force_login(client.user)
        return client

    return log_in


def test_the_table_has_its_three_headings_word_for_word(operator, site):
    text = text_of(operator.get(page(site)))
    for heading in HEADINGS:
        assert f'<th role="columnheader" scope="col">{heading}</th>' in text
    for label in (
        "Masques chirurgicaux",
        "Masques FFP2",
        "Masques à reclasser GP",
        "Gants",
        "Surblouses",
        "Tabliers",
        "Protection de chevelure",
    ):
        assert label in text
    assert "Lunettes de protection" not in text


def test_the_national_cell_switches_goggles_on(operator, site):
    EpiItem.objects.filter(code="lunettes").update(starts_on=current_week())
    assert "Lunettes de protection" in text_of(operator.get(page(site)))


def test_last_declared_values_stand_beside_the_cells(operator, site):
    before = shift(current_week(), -1)
    fill(operator.user, site, (1, "stock", 48000), (1, "supply", 0), week=before)
    text = text_of(operator.get(page(site)))

    assert f"{before:%d/%m} : 48\u202f000" in text
    assert f"{before:%d/%m} : 0" in text
    assert f"{before:%d/%m} : vide" in text
    assert f"La semaine du {before:%d/%m/%Y} (dernière renseignée) vous avez déclaré" in text


def test_the_rules_are_said_beside_the_table(operator, site):
    text = text_of(operator.get(page(site)))
    assert "une fois par semaine, de préférence en début de semaine" in text
    assert "ne s’applique pas à votre structure" in text
    assert "Les informations saisies sont enregistrées automatiquement" in text


def test_blank_and_zero_stay_different(operator, site):
    fill(operator.user, site, (1, "stock", 0))
    text = text_of(operator.get(page(site)))
    assert 'id="1-stock" name="1-stock" inputmode="numeric" value="0"' in text
    assert 'id="1-daily" name="1-daily" inputmode="numeric" value=""' in text


def test_days_of_cover_come_with_the_level_in_words(operator, site):
    fill(operator.user, site, (1, "stock", 2400), (1, "daily", 200))
    text = text_of(operator.get(page(site)))
    assert '<strong>12 j</strong> <span class="app-classe app-classe--tendue">Tendue' in text


def test_gloves_by_size_open_behind_two_buttons(operator, site):
    assert "Gants médicaux XS" not in text_of(operator.get(page(site)))
    opened = text_of(operator.get(page(site), {"gants": "medicaux"}))
    assert "Gants médicaux XS" in opened
    assert "Gants chirurgicaux 5,5" not in opened
    both = text_of(operator.get(page(site), {"gants": "medicaux chirurgicaux"}))
    assert "Gants chirurgicaux 5,5" in both


def test_filled_sizes_make_gloves_their_sum_never_both(operator, site):
    fill(operator.user, site, (401, "stock", 1000), (402, "stock", 2000))
    text = text_of(operator.get(page(site)))
    assert "total des tailles, calculé" in text
    assert '<strong data-total="4-stock">3\u202f000</strong>' in text
    assert 'name="4-stock"' not in text


def test_the_page_takes_six_statements_however_many_sites(operator, site):
    fill(operator.user, site, (1, "stock", 12))
    with CaptureQueriesContext(connection) as queries:
        operator.get(page(site))
    assert len(queries) <= 6, [query["sql"][:90] for query in queries]
    for _ in range(9):
        make_establishment(legal_entity=site.legal_entity)
    with CaptureQueriesContext(connection) as more:
        operator.get(page(site))
    assert len(more) == len(queries)


def test_the_page_with_every_size_weighs_less_than_60_kb(operator, site):
    for _ in range(6):
        make_establishment(legal_entity=site.legal_entity)
    previous = [
        (item.pk, "stock", 123456)
        for item in EpiItem.objects.on(current_week())
        if not item.sizes.exists()
    ]
    fill(operator.user, site, *previous, week=shift(current_week(), -1))
    fill(operator.user, site, *previous)
    response = operator.get(page(site), {"gants": "medicaux chirurgicaux"})
    assert len(response.content) < LARGEST_PAGE


@pytest.mark.parametrize("code", ["APE", "ARA", "ARL", "NAT", "NAL", "DEP"])
def test_readers_see_the_values_and_why_they_do_not_write(reader_for, operator, site, code):
    fill(operator.user, site, (1, "stock", 44500))
    reader = reader_for(code)
    response = reader.get(page(site))

    assert response.status_code == 200
    text = text_of(response)
    assert "44\u202f500" in text
    assert 'name="1-stock"' not in text
    assert response.context["grid"].closed_sentence.replace("\u00a0", " ") in text
    assert response.context["grid"].closed_sentence
    assert reader.post(page(site), {"1-stock": "1"}).status_code == 403
    assert reader.post(page(site), {}).status_code == 403
    assert stock(site) == 44500


def test_nobody_is_told_that_they_declared_what_another_did(client_for, operator, site):
    fill(operator.user, site, (1, "stock", 48000), week=shift(current_week(), -1))
    texts = {"mine": text_of(operator.get(page(site)))}
    ars = client_for("ARA")
    session = ars.session
    session["profile"] = ars.user.usable_profiles[0].pk
    session.save()
    make_person("OIE", user=ars.user)  # who also fills another entity's grids
    texts["theirs"] = text_of(ars.get(page(site)))

    for sentence, reads in (
        ("vous avez déclaré un stock", "mine"),
        ("Cette page est à renseigner", "mine"),
        ("pour lequel vous renseignez", "mine"),
        ("Semaine à renseigner", "mine"),
        ("l’établissement a déclaré un stock", "theirs"),
    ):
        assert [who for who, text in texts.items() if sentence in text] == [reads]


@pytest.mark.parametrize("code", ["USR", "GF", "OCE", "SPF", "AUD"])
def test_without_a_right_on_the_inventory_the_page_is_refused(client_for, site, code):
    stranger = client_for(code, on=site if code in ("GF", "OCE") else None)
    assert stranger.get(page(site)).status_code == 403
    assert stranger.get(reverse("epi_stocks:inventory_start")).status_code == 403


def test_out_of_reach_and_never_existed_are_the_same(client_for, reader_for, site):
    far = make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne"))
    for stranger in (client_for("OIE"), reader_for("ARL", on=far.region)):
        for finess in (site.finess, "999999999"):
            address = reverse("epi_stocks:inventory", args=[finess, current_week()])
            assert stranger.get(address).status_code == 404
            assert stranger.post(address, {"1-stock": "1"}).status_code == 404


def test_a_covered_site_reads_by_whom_and_does_not_declare_too(operator, site):
    main = make_establishment(legal_entity=site.legal_entity, name="Hôpital Principal")
    CentralCoverage.objects.create(declaring=main, covered=site, first_week=current_week())
    text = text_of(operator.get(page(site)))
    assert "Hôpital Principal" in text
    assert 'name="1-stock"' not in text
    assert operator.post(page(site), {"1-stock": "1"}).status_code == 403


def test_no_item_to_count_is_said(operator, site):
    EpiItem.objects.update(starts_on=None)
    assert "Aucun équipement n’est à compter" in text_of(operator.get(page(site)))


# The drop-down and the start


def test_the_drop_down_adds_up_the_sites_of_all_profiles_with_their_states(client_for, site):
    person = client_for("OIE", on=site)
    elsewhere = make_establishment(name="EHPAD du Parc")
    make_person("OIE", on=elsewhere, user=person.user)
    sister = make_establishment(legal_entity=site.legal_entity, name="USLD Bel-Air")
    options = text_of(person.get(page(site))).split('id="etab"')[1].split("</select>")[0]

    for one in (site, elsewhere, sister):
        assert f'value="{one.finess}"' in options
    assert options.count("<optgroup") == 2


def test_the_start_leads_to_the_first_unfinished_site_of_this_week(operator, site):
    other = make_establishment(legal_entity=site.legal_entity)
    ExpectedCategory.objects.get_or_create(category=site.category, starts_on=date(2020, 1, 6))
    items = [item for item in EpiItem.objects.on(current_week()).top()]
    whole = [(item.pk, measure, 5) for item in items for measure in ("stock", "daily", "supply")]
    fill(operator.user, site, *whole)
    response = operator.get(reverse("epi_stocks:inventory_start"))
    assert response["Location"] == page(other)


def test_the_start_leads_where_the_form_asks(operator, site):
    week = shift(current_week(), -1)
    asked = {"etab": site.finess, "semaine": str(week)}
    assert operator.get(reverse("epi_stocks:inventory_start"), asked)["Location"] == page(
        site, week
    )


@pytest.mark.parametrize("asked", [{"semaine": "hier"}, {"etab": "../admin"}, {"etab": "12"}])
def test_the_start_does_not_follow_nonsense(operator, asked):
    assert operator.get(reverse("epi_stocks:inventory_start"), asked).status_code == 404


def test_a_reader_without_a_site_of_their_own_is_told_where_to_look(reader_for):
    text = text_of(reader_for("ARL").get(reverse("epi_stocks:inventory_start")))
    assert "Chercher un établissement" in text
