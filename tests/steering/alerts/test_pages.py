"""The pages of alerts: read, filtered, exported, acknowledged; the rules written with a preview."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Domain, Role
from journal.models import Entry
from steering.alerts.cards import alert_banners, alert_cards, alert_changes
from steering.models import Alert, AlertPreference, AlertRule, AlertScale
from steering.services.alerts import acknowledge
from tests.builders import grant, make_person, make_region
from tests.steering.alerts.conftest import HOUR, make_rule

pytestmark = pytest.mark.django_db
LIST = reverse("steering:alerts")


def page_of(user, url, **query):
    client = Client()
    client.force_login(user)
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def post(user, name, pk=None, **data):
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"steering:{name}", args=[pk] if pk else []), data)


@pytest.fixture
def alert(country):
    make_rule(calm_hours=1)
    country.hold(3)
    country.look()
    return country.alert


def main(page):
    return page.split("<main")[1].split("</main")[0]


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


# The home page


def test_the_home_of_an_ars_counts_what_waits(alert, agent):
    page = page_of(agent, reverse("home"))
    assert "1 alerte à acquitter" in page
    assert "Alertes en cours (1)" in page


def test_the_link_of_the_home_leads_to_as_many_alerts_as_it_counts(alert, agent):
    """What waits for the country is read by the ARS, and waits for another."""
    fields = [one for one in Alert._meta.concrete_fields if not one.primary_key]
    same = {one.attname: getattr(alert, one.attname) for one in fields}
    Alert.objects.create(**same | {"subject": "autre"})
    spread = {"scale": AlertScale.COUNTRY, "code": "", "region_code": "", "is_spread": True}
    Alert.objects.create(**same | spread)
    assert "3 alertes à acquitter" in main(page_of(agent, LIST, etat="a-acquitter"))

    (card,) = alert_cards(agent)
    assert card.title == "2 alertes à acquitter"
    assert "2 alertes à acquitter par vous" in main(page_of(agent, card.url))


def test_what_one_did_oneself_is_no_news_and_what_a_colleague_did_is(alert, agent, reader):
    since = timezone.now() - timedelta(days=30)
    acknowledge(by=agent, alert=alert, word="Nous appelons.")
    said = {one: [line.text for line in alert_changes(one, since)] for one in (agent, reader)}
    assert not any("acquitté" in text for text in said[agent])
    assert any(f"{agent} a acquitté" in text for text in said[reader])
    assert all(any("ouverte" in text for text in told) for told in said.values())


def test_a_banner_names_what_spreads_over_regions_and_nothing_else(alert, agent, country):
    make_rule(places=2, label="Tension nationale")
    country.hold(3, "28")
    country.look(HOUR)
    (banner,) = alert_banners(agent)
    assert banner.text.startswith("Alerte nationale")
    assert banner.url == reverse("steering:alert", args=[Alert.objects.get(code="FR").pk])


def test_what_waits_for_an_ars_does_not_wait_for_the_country(alert, cell):
    page = page_of(cell, reverse("home"))
    assert "alerte à acquitter" not in page
    assert "Alertes en cours (1)" in page


@pytest.mark.parametrize("code", ["GF", "OIE", "SUP"])
def test_others_are_shown_no_alert(alert, code):
    assert "Alertes en cours" not in page_of(make_person(code), reverse("home"))


# The rules

RULE = {
    "label": "FFP2 critiques",
    "measure": "epi_cover",
    "subject": "equipement:1",
    "scale": "region",
    "places": "1",
    "at_least": "critique",
    "lasts": "2",
    "lasts_unit": "semaines",
    "calm_hours": "24",
    "urgency": "high",
    "starts_on": "2020-11-23",
}


def test_a_rule_is_read_before_it_is_written(country, cell):
    country.hold(3)
    response = post(cell, "alert_rule_new", **RULE)
    assert "donnerait aujourd’hui" in response.content.decode() or "aucune alerte" in (
        response.content.decode()
    )
    assert not AlertRule.objects.exists()
    assert post(cell, "alert_rule_new", confirmer="oui", **RULE).status_code == 302
    rule = AlertRule.objects.get()
    assert (rule.lasts_days, rule.subject, rule.created_by) == (14, "1", cell)
    assert Entry.objects.filter(verb="steering.alert_rule_created").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"label": ""}, "obligatoire"),
        ({"measure": "x"}, "choix valide"),
        ({"subject": "dci:1"}, "choix valide"),
        ({"measure": "epi_reporting"}, "d’aucun produit"),
        ({"at_least": ""}, "l’un des deux"),
        ({"threshold": "-3"}, "supérieur"),
        ({"threshold": "abc"}, "nombre"),
        ({"lasts": "9999"}, "inférieur"),
        ({"places": "0"}, "supérieur"),
        ({"starts_on": "hier"}, "date"),
    ],
)
def test_a_wrong_rule_says_why_and_keeps_what_was_typed(country, cell, wrong, said):
    response = post(cell, "alert_rule_new", **RULE | wrong)
    page = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == 422
    assert said in page
    assert not AlertRule.objects.exists()


def test_a_rule_is_changed_with_its_past_kept(country, cell):
    rule = make_rule()
    post(cell, "alert_rule_change", rule.pk, **RULE | {"label": "Autre nom", "subject": ""})
    rule.refresh_from_db()
    assert rule.label == "Équipement en rupture dans une région"
    seen = seen_of(cell, rule)
    data = RULE | {"label": "Autre nom", "subject": "", "seen": seen, "confirmer": "oui"}
    assert post(cell, "alert_rule_change", rule.pk, **data).status_code == 302
    page = page_of(cell, reverse("steering:alert_rule", args=[rule.pk]))
    assert "Équipement en rupture dans une région → Autre nom" in page


def seen_of(user, rule):
    page = post(user, "alert_rule_change", rule.pk, **RULE).content.decode()
    return page.split('name="seen" value="')[1].split('"')[0]


def test_a_rule_is_stopped_then_resumed(country, cell):
    rule = make_rule()
    assert "n’ouvrira plus d’alerte" in page_of(
        cell, reverse("steering:alert_rule_stop", args=[rule.pk])
    )
    for name, is_active in (("alert_rule_stop", False), ("alert_rule_resume", True)):
        page = page_of(cell, reverse(f"steering:{name}", args=[rule.pk]))
        seen = page.split('name="seen" value="')[1].split('"')[0]
        assert post(cell, name, rule.pk, confirmer="oui", seen=seen).status_code == 302
        rule.refresh_from_db()
        assert rule.is_active is is_active


def test_everybody_who_reads_alerts_reads_the_rules(country, reader):
    rule = make_rule()
    hidden = make_rule(measure="state_stock", scale="country", threshold=4, label="Stock caché")
    page = page_of(reader, reverse("steering:alert_rules"))
    assert "critique ou en rupture, dans une région" in page
    assert "Stock caché" not in page
    assert "Nouvelle règle" not in page
    assert "Changer la règle" not in page_of(reader, reverse("steering:alert_rule", args=[rule.pk]))
    client = Client()
    client.force_login(reader)
    assert client.get(reverse("steering:alert_rule", args=[hidden.pk])).status_code == 404


# However many there are


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
