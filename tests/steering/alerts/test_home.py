"""Alerts on the home page: who is told to act, what is news, what is announced to all."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from steering.alerts.cards import alert_banners, alert_cards, alert_changes
from steering.models import Alert, AlertScale
from steering.services.alerts import acknowledge
from tests.builders import make_person
from tests.steering.alerts.conftest import HOUR, make_rule
from tests.steering.alerts.pages import main, page_of

pytestmark = pytest.mark.django_db
LIST = reverse("steering:alerts")


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
