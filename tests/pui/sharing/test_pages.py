"""The pages of a share-out, for the country, an agency and a pharmacy."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.home import Kind
from journal.models import Entry
from pui import home
from pui.models import RegionalShare, ShareOut
from pui.services.publishing import cancel, publish
from tests.builders import make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui

pytestmark = pytest.mark.django_db
LIST = "/dispostock/medicaments/repartition/"


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def rows_of(answer):
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


@pytest.fixture
def cell(country):
    return logged_in(country.cell)


@pytest.fixture
def agency(country):
    return logged_in(country.agent)


@pytest.fixture
def pharmacist(country):
    return logged_in(country.gf)


@pytest.fixture
def share_out(country):
    return country.open(140)


def typed(country, **more):
    day = timezone.localdate() + timedelta(days=3)
    return {
        "produit": country.product.reference.label,
        "quantite": "140",
        "conditionnement": "1",
        "fin": day.isoformat(),
        "message": "",
    } | more


def fields(country, share_out, quantities, **more):
    """The form of a region as the page sends it."""
    sent = {}
    for one in share_out.pharmacies.filter(regional__region="24", block=""):
        sent |= {f"q-{one.pk}": str(one.quantity), f"seen-{one.pk}": str(one.quantity)}
    for pui, value in quantities.items():
        sent[f"q-{country.share(share_out, pui).pk}"] = value
    return sent | more


def region_url(share_out, code="24"):
    return reverse("pui:sharing_region", args=[share_out.pk, code])


def test_the_proposal_is_read_before_anything_is_written(country, cell):
    answer = cell.post(f"{LIST}nouvelle/", typed(country))
    text = text_of(answer)
    assert_sound_html(answer)
    assert "Proposition : 140 ampoules de CISATRACURIUM 20 mg/10 ml" in text
    assert "10 jours" in text
    assert "1 PUI : n’a jamais déclaré ses stocks" in text
    assert not ShareOut.objects.exists()
    hidden = dict(answer.context["hidden"])
    cell.post(f"{LIST}nouvelle/", hidden | {"ouvrir": "1"})
    assert ShareOut.objects.get().quantity == 140


def test_stocks_declared_since_are_told_before_it_opens(country, cell):
    hidden = dict(cell.post(f"{LIST}nouvelle/", typed(country)).context["hidden"])
    country.declare(country.tours, 0)
    answer = cell.post(f"{LIST}nouvelle/", hidden | {"ouvrir": "1"})
    assert answer.status_code == 409
    assert "voici la proposition recalculée" in text_of(answer)
    assert not ShareOut.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("produit", "aspirine", "Aucun produit suivi"),
        ("quantite", "0", "Tapez 1 au moins"),
        ("quantite", "beaucoup", "un nombre entier"),
        ("conditionnement", "500", "ne remplit pas un conditionnement"),
        ("fin", "2020-01-01", "Ce jour est passé"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(country, cell, field, value, said):
    answer = cell.post(f"{LIST}nouvelle/", typed(country, **{field: value}))
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_what_is_typed_may_be_corrected_from_the_proposal(country, cell):
    answer = cell.post(f"{LIST}nouvelle/", typed(country, corriger="1"))
    assert answer.context["form"]["quantite"].value() == "140"


def test_each_role_has_its_own_list(country, cell, agency, pharmacist, share_out):
    for client in (cell, agency):
        answer = client.get(LIST)
        assert_sound_html(answer)
        assert "CISATRACURIUM 20 mg/10 ml" in text_of(answer)
    assert "ne reçoivent rien" in text_of(pharmacist.get(LIST))
    publish(by=country.cell, share_out=share_out)
    answer = pharmacist.get(LIST)
    assert_sound_html(answer)
    assert "80 ampoules" in text_of(answer)


def test_without_any_share_out_each_role_reads_what_will_come(country, cell, agency):
    assert "Ouvrir une répartition" in text_of(cell.get(LIST))
    assert "la part de votre région paraît ici" in text_of(agency.get(LIST))


def test_the_country_sees_the_regions_and_who_has_not_finished(country, cell, share_out):
    country.give(share_out, {}, is_done=True)
    answer = cell.get(reverse("pui:sharing_detail", args=[share_out.pk]))
    assert_sound_html(answer)
    text = text_of(answer)
    assert "N’ont pas dit avoir terminé : Auvergne-Rhône-Alpes" in " ".join(
        text.replace("<strong>", "").replace("</strong>", "").split()
    )
    assert "a terminé pour Centre-Val de Loire" in text


def test_an_agency_is_led_to_its_own_region_and_reaches_no_other(agency, share_out):
    answer = agency.get(reverse("pui:sharing_detail", args=[share_out.pk]))
    assert answer.headers["Location"] == region_url(share_out)
    assert agency.get(region_url(share_out, "84")).status_code == 404
    assert agency.post(region_url(share_out, "84")).status_code == 404


def test_an_agency_adjusts_then_says_that_it_is_done(country, agency, share_out):
    page = agency.get(region_url(share_out))
    assert_sound_html(page)
    sent = fields(country, share_out, {country.orleans: "60", country.blois: "1 5"})
    assert agency.post(region_url(share_out), sent).status_code == 422  # « 1 5 » is no number
    sent = fields(country, share_out, {country.orleans: "60", country.blois: "20"}, terminer="1")
    answer = agency.post(region_url(share_out), sent, follow=True)
    assert "est terminé" in text_of(answer)
    assert RegionalShare.objects.get(region="24").done_by == country.agent
    assert country.share(share_out, country.blois).quantity == 20
    agency.post(reverse("pui:sharing_resume", args=[share_out.pk, "24"]))
    assert RegionalShare.objects.get(region="24").done_at is None


def test_over_the_total_what_was_typed_stays_in_the_fields(country, agency, share_out):
    sent = fields(country, share_out, {country.orleans: "90", country.blois: "20"})
    answer = agency.post(region_url(share_out), sent)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Vous répartissez 110 ampoules, votre région en a 80 : retirez-en 30" in text
    assert 'value="90"' in text
    assert "enregistré : 80" in text


def test_a_blank_is_not_a_zero(country, agency, share_out):
    sent = fields(country, share_out, {country.orleans: ""})
    assert "tapez 0 pour ne rien lui donner" in text_of(agency.post(region_url(share_out), sent))
    assert country.share(share_out, country.orleans).quantity == 80


def test_in_a_conflict_both_values_are_shown_then_the_second_decides(country, agency, share_out):
    sent = fields(country, share_out, {country.orleans: "50"})
    country.give(share_out, {country.orleans: 70}, by=make_person("ARA", on=make_region()))
    answer = agency.post(region_url(share_out), sent)
    assert answer.status_code == 409
    text = text_of(answer)
    assert "a enregistré 70" in text
    assert 'value="50"' in text
    again = fields(country, share_out, {country.orleans: "50"})
    agency.post(region_url(share_out), again)
    assert country.share(share_out, country.orleans).quantity == 50


def test_who_declared_since_has_a_field_and_the_page_says_so(country, agency, share_out):
    text = text_of(agency.get(region_url(share_out)))
    assert "seules les PUI qui déclarent peuvent être servies" in text
    assert "Ont déclaré depuis" not in text
    country.declare(country.tours, 5)
    answer = agency.get(region_url(share_out))
    assert "Ont déclaré depuis" in text_of(answer)
    assert f'name="q-{country.share(share_out, country.tours).pk}"' in text_of(answer)


def test_the_country_publishes_after_reading_and_the_pharmacy_sees_it(
    country, cell, pharmacist, share_out
):
    share = country.share(share_out, country.orleans)
    receive = reverse("pui:sharing_receive", args=[share.pk])
    assert pharmacist.get(receive).status_code == 404  # nothing is shown before
    url = reverse("pui:sharing_publish", args=[share_out.pk])
    read = cell.get(url)
    assert_sound_html(read)
    assert "2 ARS n’ont pas dit avoir terminé" in text_of(read)
    cell.post(url)
    cell.post(url)  # a second click changes nothing
    assert Entry.objects.filter(verb="pui.share_out_published").count() == 1
    page = pharmacist.get(receive)
    assert_sound_html(page)
    assert "PUI de Orléans reçoit 80 ampoules" in text_of(page)
    assert "20 ÷ 10 par jour = 2,0 j" in text_of(page)
    assert "Quantité reçue, en ampoules" in text_of(page)


def test_a_pharmacy_confirms_its_reception(country, pharmacist, share_out):
    publish(by=country.cell, share_out=share_out)
    url = reverse("pui:sharing_receive", args=[country.share(share_out, country.orleans).pk])
    sent = {"quantite": "75", "jour": timezone.localdate().isoformat(), "commentaire": ""}
    assert "dites pourquoi" in text_of(pharmacist.post(url, sent))
    pharmacist.post(url, sent | {"commentaire": "Cinq ampoules cassées"})
    share = country.share(share_out, country.orleans)
    assert (share.received_quantity, share.received_comment) == (75, "Cinq ampoules cassées")
    stale = pharmacist.post(url, sent | {"commentaire": "Autre"})
    assert stale.status_code == 409
    assert "vient de confirmer" in text_of(stale)


def test_another_pharmacy_does_not_exist_for_a_pharmacist(country, pharmacist, share_out):
    publish(by=country.cell, share_out=share_out)
    other = country.share(share_out, country.lyon)
    assert pharmacist.get(reverse("pui:sharing_receive", args=[other.pk])).status_code == 404


def test_a_cancelled_share_out_says_why_everywhere(country, cell, agency, pharmacist, share_out):
    publish(by=country.cell, share_out=share_out)
    cancel(by=country.cell, share_out=share_out, reason="Lot retiré par le fabricant")
    share = country.share(share_out, country.orleans)
    for client, url in (
        (cell, reverse("pui:sharing_detail", args=[share_out.pk])),
        (agency, region_url(share_out)),
        (pharmacist, reverse("pui:sharing_receive", args=[share.pk])),
    ):
        assert "Lot retiré par le fabricant" in text_of(client.get(url))
    assert kinds(country.gf) == []


def test_the_files_hold_what_the_pages_show_and_the_journal_says_who(
    country, cell, agency, share_out
):
    region = rows_of(agency.get(f"{region_url(share_out)}telecharger/csv/"))
    assert [(row["PUI"], row["Quantité"]) for row in region] == [
        ("PUI de Orléans", "80"),
        ("PUI de Blois", "0"),
        ("PUI de Tours", "0"),
    ]
    assert region[2]["Pourquoi"].startswith("N’a jamais déclaré")
    whole = rows_of(cell.get(reverse("pui:sharing_file", args=[share_out.pk, "csv"])))
    assert [row["Région"] for row in whole] == ["Auvergne-Rhône-Alpes"] + 3 * [
        "Centre-Val de Loire"
    ]
    assert Entry.objects.filter(verb="pui.share_out_exported").count() == 2


def test_a_region_takes_as_many_queries_for_three_pharmacies_as_for_ten(
    country, client, count_queries, share_out
):
    client.force_login(country.agent)
    few = count_queries(region_url(share_out))
    cancel(by=country.cell, share_out=share_out, reason="Trop tôt")
    for name in "ABCDEFG":
        country.declare(make_pui(name, on=country.orleans.establishment), 10)
    assert count_queries(region_url(country.open(140))) == few


def test_the_lists_take_as_many_queries_for_one_as_for_three(
    country, client, count_queries, share_out
):
    people = (country.cell, country.agent, country.gf)
    publish(by=country.cell, share_out=share_out)
    few = []
    for person in people:
        client.force_login(person)
        few.append(count_queries(LIST))
    for _ in range(2):
        publish(by=country.cell, share_out=country.open(140))
    for person, count in zip(people, few, strict=True):
        client.force_login(person)
        assert count_queries(LIST) == count


def kinds(user):
    return [(card.kind, card.title) for card in home.cards(user) if "ampoules" in card.title]


def test_the_home_page_tells_each_role_what_waits_for_it(country, share_out):
    title = "Répartition\u00a0: 140\u00a0ampoules de CISATRACURIUM 20 mg/10 ml"
    assert kinds(country.cell) == [(Kind.TO_SEE, title)]
    assert kinds(country.agent) == [(Kind.DECIDE, title.replace("140", "80"))]
    country.give(share_out, {}, is_done=True)
    assert kinds(country.agent) == []
    RegionalShare.objects.update(done_at=timezone.now())
    assert kinds(country.cell) == [(Kind.DECIDE, title)]
    assert kinds(country.gf) == []
    publish(by=country.cell, share_out=share_out)
    assert [kind for kind, _ in kinds(country.gf)] == [Kind.TO_DO]
