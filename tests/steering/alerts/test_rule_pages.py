"""The pages of the rules of alerts: read before it is written, its past kept, stopped, resumed."""

import pytest
from django.test import Client
from django.urls import reverse

from journal.models import Entry
from steering.models import AlertRule
from tests.steering.alerts.conftest import make_rule
from tests.steering.alerts.pages import page_of, post

pytestmark = pytest.mark.django_db
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
