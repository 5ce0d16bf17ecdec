"""The hub: each sees what they may set, with its last change, and no Django admin is exposed."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.journal_page.labels import LABELS
from config.administration import jobs
from config.administration.cards import cards
from config.administration.pages import pages
from journal.services import record
from tests.config.administration.steps import ROUND, make_job
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
HUB = "administration:hub"


def offered(response):
    return {line.page.route for _, lines in response.context["subjects"] for line in lines}


def test_the_operator_sees_the_health_of_the_service_and_no_business_setting(client_for):
    response = client_for("TEC").get(reverse(HUB))
    assert_sound_html(response)
    assert {"administration:health", "administration:jobs", "administration:mails"} <= offered(
        response
    )
    assert not {"epi_stocks:settings", "medications:settings"} & offered(response)


def test_the_support_writes_texts_and_sees_no_technical_setting(client_for):
    found = offered(client_for("SUP").get(reverse(HUB)))
    assert not any(one.startswith("administration:") for one in found)


@pytest.mark.parametrize("code", ["GF", "OIE", "APE", "ARL", "AUD"])
def test_who_sets_nothing_is_told_so(client_for, code):
    assert client_for(code).get(reverse(HUB)).status_code == 403


@pytest.mark.parametrize("code", ["NAT", "TEC", "SUP"])
def test_each_page_offered_opens(client_for, code):
    client = client_for(code)
    for route in offered(client.get(reverse(HUB))):
        assert client.get(reverse(route)).status_code == 200, route


def test_the_last_change_says_who_and_when(client_for):
    client = client_for("TEC")
    record("mails.tested", by=client.user)
    body = " ".join(client.get(reverse(HUB)).content.decode().split())
    assert f"par {client.user.get_full_name()}" in body


def test_each_change_that_the_hub_tells_is_one_that_the_journal_knows():
    """A verb that nobody writes would always say « jamais changé »."""
    assert {verb for page in pages() for verb in page.verbs} <= set(LABELS)


def test_the_hub_asks_once_for_all_the_changes(client_for):
    client = client_for("TEC")
    client.get(reverse(HUB))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(HUB))
    assert sum("journal_entry" in one["sql"] for one in asked) == 1


def test_there_is_no_django_admin():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert "django.contrib.admindocs" not in settings.INSTALLED_APPS
    assert "admin" not in get_resolver().namespace_dict


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/administration/admin/"])
@pytest.mark.parametrize("code", ["NAT", "TEC", "SUP"])
def test_the_addresses_of_the_django_admin_lead_nowhere(client_for, code, address):
    assert client_for(code).get(address).status_code == 404


def test_each_page_of_settings_is_found_from_the_hub():
    """A page named « settings » or « rules » that the hub forgets is never found."""
    known = {page.route for page in pages()}
    assert {"epi_stocks:settings", "medications:settings", "orders:ordering_rules"} <= known


def test_the_menu_leads_there_those_who_set_something(client_for):
    address = f'href="{reverse(HUB)}"'
    assert address in client_for("TEC").get(reverse("home")).content.decode()
    assert address not in client_for("GF").get(reverse("home")).content.decode()


def test_the_operator_finds_what_is_not_well_on_their_home(client_for):
    make_job(), make_job()
    body = client_for("TEC").get(reverse("home")).content.decode()
    assert "2 travaux en échec" in body
    assert "travaux en échec" not in client_for("NAT").get(reverse("home")).content.decode()


def test_the_operator_is_told_of_rounds_that_did_not_come(client_for, monkeypatch):
    operator, other = client_for("TEC").user, client_for("NAT").user
    (late,) = [one for one in jobs.rounds() if one.task == ROUND]
    found = [replace(late, is_late=True), replace(late, is_late=False)]
    monkeypatch.setattr(jobs, "rounds", lambda: found)
    (card,) = cards(operator)
    assert card.title == "1 tâche périodique en retard"
    assert card.detail.startswith(f"{late.name}.")
    assert cards(other) == []
    found.clear()
    assert cards(operator) == []


@pytest.mark.parametrize("code", ["NAT", "TEC"])
def test_the_rules_that_no_page_sets_are_read_with_what_changes_them(client_for, code, settings):
    settings.SNAPSHOT_DAYS, settings.SUPPORT_KEPT_MONTHS = 47, 19
    response = client_for(code).get(reverse("administration:fixed"))
    assert_sound_html(response)
    body = response.content.decode()
    assert "47\u00a0jours" in body
    assert "19\u00a0mois" in body
    assert "variable SNAPSHOT_DAYS" in body
    assert "Lundi de Pâques" in body
    year = timezone.localdate().year
    for one in (year, year + 1):
        assert f"25/12/{one}" in body


@pytest.mark.parametrize("code", ["GF", "SUP", "AUD"])
def test_who_sets_no_rule_reads_none(client_for, code):
    assert client_for(code).get(reverse("administration:fixed")).status_code == 403
