"""The pages of alerts: read, filtered, exported, acknowledged."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Domain, Role
from journal.models import Entry
from steering.models import Alert, AlertPreference
from tests.builders import grant, make_person, make_region
from tests.steering.alerts.conftest import HOUR, make_rule
from tests.steering.alerts.pages import main, page_of, post

pytestmark = pytest.mark.django_db
LIST = reverse("steering:alerts")


def test_the_list_says_what_waits_where_and_since_when(alert, agent):
    page = main(page_of(agent, LIST))
    assert "1 alerte en cours" in page
    assert "Masques chirurgicaux" in page
    assert "3 jours" in page
    assert "À acquitter" in page


def test_nothing_to_show_says_so(country, agent):
    assert "Aucune alerte" in main(page_of(agent, LIST))


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ({"etat": "a-acquitter"}, True),
        ({"etat": "acquittees"}, False),
        ({"etat": "closes"}, False),
        ({"etat": "toutes"}, True),
        ({"etat": "n’importe quoi"}, True),
        ({"domaine": "epi"}, True),
        ({"domaine": "medicines"}, False),
        ({"produit": "Masques chirurgicaux"}, True),
        ({"classe": "critique"}, True),
        ({"classe": "rupture"}, False),
        ({"territoire": "departement:45"}, False),
        ({"territoire": "28"}, True),
        ({"page": "999999"}, True),
        ({"page": "x"}, True),
    ],
)
def test_the_filters(alert, agent, query, is_there):
    """What is not offered is left aside: the second region is none of this agent's."""
    link = reverse("steering:alert", args=[alert.pk])
    assert (link in main(page_of(agent, LIST, **query))) is is_there


def test_the_country_filters_by_region(alert, cell):
    link = reverse("steering:alert", args=[alert.pk])
    assert link in main(page_of(cell, LIST, territoire="24"))
    assert link not in main(page_of(cell, LIST, territoire="28"))
    assert link not in main(page_of(cell, LIST, territoire="pays"))


def test_the_file_holds_the_same_rows_and_is_journaled(alert, agent):
    client = Client()
    client.force_login(agent)
    response = client.get(reverse("steering:alerts_file", args=["csv"]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "Masques chirurgicaux;Centre-Val de Loire;Critique" in text
    assert Entry.objects.get(verb="steering.alerts_exported").details["rows"] == 1
    assert client.get(reverse("steering:alerts_file", args=["pdf"])).status_code == 404


def test_the_page_of_an_alert_tells_figures_rule_and_log(alert, agent, country):
    country.now += 24 * HOUR
    country.hold(0.5)
    country.look()
    page = main(page_of(agent, reverse("steering:alert", args=[alert.pk])))
    assert "De critique à rupture" in page
    assert "Couverture d’un équipement depuis l’ouverture" in page
    assert "Proposer une entraide" in page
    assert "équipement".lower() in page
    assert "Équipement en rupture dans une région" in page


@pytest.mark.parametrize("code", ["ARL", "ARA"])
def test_elsewhere_it_does_not_exist(alert, code):
    client = Client()
    client.force_login(make_person(code, on=make_region("28")))
    assert client.get(reverse("steering:alert", args=[alert.pk])).status_code == 404


def test_a_reader_of_another_domain_finds_nothing(alert):
    client = Client()
    client.force_login(make_person("ARL", domain="dispostock", on=make_region()))
    assert client.get(reverse("steering:alert", args=[alert.pk])).status_code == 404
    assert client.get(LIST).status_code == 200


def test_acknowledging_needs_a_word_and_is_journaled(alert, agent):
    assert post(agent, "alert_acknowledge", alert.pk, word="  ").status_code == 422
    response = post(agent, "alert_acknowledge", alert.pk, word="Appelé l’hôpital.")
    assert response.status_code == 302
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == (Alert.State.ACKNOWLEDGED, agent)
    entry = Entry.objects.get(verb="steering.alert_acknowledged")
    assert (entry.details["note"], entry.region_code) == ("Appelé l’hôpital.", "24")
    assert "Appelé l’hôpital." in page_of(agent, reverse("steering:alert", args=[alert.pk]))


def test_too_late_keeps_the_word_and_says_who_was_first(alert, agent, reader):
    post(reader, "alert_acknowledge", alert.pk, word="Vu.")
    response = post(agent, "alert_acknowledge", alert.pk, word="Moi aussi.")
    assert response.status_code == 409
    assert f"{reader} l’a déjà acquittée" in response.content.decode()


def test_who_reads_the_country_alone_does_not_acknowledge(alert):
    reader = make_person("NAL", domain="epi_stock")
    assert post(reader, "alert_acknowledge", alert.pk, word="Vu.").status_code == 403
    page = page_of(reader, reverse("steering:alert", args=[alert.pk]))
    assert "Acquitter l’alerte" not in page


def test_a_region_reads_the_alert_of_the_country_without_acknowledging_it(country, agent):
    make_rule(places=2)
    country.hold(4, "24")
    country.hold(4, "28")
    country.look()
    one = country.alert
    page = page_of(agent, reverse("steering:alert", args=[one.pk]))
    assert "Acquitter l’alerte" not in page
    told = page.split("alertes-lieux")[1].split("</ul>")[0]
    assert "Normandie" in told
    assert told.count("4 jours") == 1  # its own figure, not that of the other region
    assert post(agent, "alert_acknowledge", one.pk, word="Vu.").status_code == 403
    assert "Alerte nationale, Masques chirurgicaux : " in page_of(agent, "/")
    assert "Alerte nationale : masques chirurgicaux</a>" in page_of(agent, LIST)


def test_a_text_with_markup_is_shown_as_text(alert, agent):
    post(agent, "alert_comment", alert.pk, word="<script>alert(1)</script>")
    page = page_of(agent, reverse("steering:alert", args=[alert.pk]))
    assert "&lt;script&gt;alert(1)" in page


def test_a_word_too_long_is_refused(alert, agent):
    assert post(agent, "alert_comment", alert.pk, word="x" * 1_001).status_code == 422


def test_one_chooses_how_often_mails_come(country, agent):
    page = page_of(agent, reverse("steering:alert_mails"))
    assert "Tout de suite" in page
    assert post(agent, "alert_mails", rhythm="jamais").status_code == 422
    assert post(agent, "alert_mails", rhythm="daily").status_code == 302
    assert AlertPreference.objects.get().rhythm == "daily"


def test_the_pages_ask_the_same_whatever_the_number_of_alerts(
    country, count_queries, client, agent
):
    grant(agent.profiles.get(), Domain.EPI_STOCK, Role.READER)
    make_rule()
    client.force_login(agent)
    country.hold(3)
    country.look()
    one = reverse("steering:alert", args=[country.alert.pk])
    urls = (LIST, reverse("home"), reverse("steering:alert_rules"), one)

    def costs():
        client.get(reverse("home"))  # what a process or a day reads once is read
        return [count_queries(url) for url in urls]

    before = costs()
    for item in (2, 3, 4, 5, 6):
        country.hold(3, item=item)
    make_rule(label="Une autre", at_least="tendue")
    country.look(HOUR)
    assert Alert.objects.count() == 12
    assert costs() == before
