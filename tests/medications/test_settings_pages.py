"""The national screens: a preview that tells the truth, then one confirmation."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Domain
from journal.models import Entry
from medications.models import Monitoring, Priority, ReportingRule
from pui.models import Transmission
from tests.builders import make_person
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEXT_WEEK = timezone.localdate() + 7 * DAY


@pytest.fixture
def national(client):
    client.force_login(make_person("NAT", domain=Domain.DISPOSTOCK))
    return client


@pytest.fixture
def product():
    return make_followed()


def text(response):
    return html.unescape(response.content.decode())


def at(name, *args):
    return reverse(f"medications:{name}", args=args)


def seen_in(response):
    return response.context["seen"]


def priority_form(**changed):
    return {"priority": "1", "starts_on": NEXT_WEEK.isoformat()} | changed


def test_each_list_says_what_it_follows_how_often_and_what_is_announced(national, product):
    make_followed(make_product("Y"), priority=Priority.NATIONAL, starts_on=NEXT_WEEK)
    page = text(national.get(at("settings")))
    assert "1 produit suivi." in page
    assert "Déclarée chaque vendredi avant 18\u00a0h" in page
    assert "1 changement annoncé" in page


def test_nothing_is_written_before_the_preview_is_confirmed(national, product):
    address = at("settings_priority", product.code)
    answer = national.post(address, priority_form())
    assert "Rien n’est encore enregistré" in text(answer)
    assert "passera en priorité nationale 1" in text(answer)
    assert Monitoring.objects.count() == 1
    assert not Entry.objects.filter(verb="medications.priority_changed").exists()
    sent = priority_form(confirmer="oui", seen=seen_in(answer))
    assert national.post(address, sent).status_code == 302
    assert Monitoring.objects.count() == 2


def test_one_may_go_back_to_the_form_with_what_was_typed(national, product):
    answer = national.post(at("settings_priority", product.code), priority_form(modifier="oui"))
    assert answer.status_code == 200
    assert answer.context["preview"] is None
    assert NEXT_WEEK.isoformat() in text(answer)


def test_a_refusal_of_the_service_is_a_sentence_on_the_form(national, product):
    answer = national.post(at("settings_priority", product.code), priority_form(priority="3"))
    assert answer.status_code == 422
    assert "est déjà en priorité 3" in text(answer)
    answer = national.post(
        at("settings_priority", product.code), priority_form(starts_on="2020-01-01")
    )
    assert "ne vaut pas pour le passé" in text(answer)


def test_the_second_of_two_people_sees_the_preview_of_now_and_writes_nothing(national, product):
    address = at("settings_priority", product.code)
    seen = seen_in(national.post(address, priority_form()))
    first = priority_form(confirmer="oui", seen=seen)
    national.post(address, first)
    answer = national.post(address, {**first, "priority": "2"})
    assert answer.status_code == 409
    assert "vient de changer ce réglage" in text(answer)
    assert "passera en priorité 2" in text(answer)
    answer = national.post(address, first)
    assert answer.status_code == 409
    assert "déjà en priorité nationale 1" in text(answer)


def test_a_preview_counts_the_pharmacies_and_names_the_due_day(national):
    product = make_product("NOUVEAU 1 mg")
    make_list()
    closed = make_pui("PUI fermée")
    closed.closed_on = timezone.localdate() - DAY
    closed.save()
    make_pui(), make_pui("PUI B")
    answer = national.post(at("settings_follow", "autres", product.code), priority_form())
    page = text(answer)
    assert "2\u00a0PUI sont concernées" in page
    assert "à partir de l’échéance du vendredi" in page


def test_the_end_of_a_follow_up_says_who_holds_the_product_by_region(national, product):
    pui = make_pui()
    gf = make_person("GF", on=pui.establishment)
    due_on = next(
        day for count in range(8) if (day := timezone.localdate() + count * DAY).isoweekday() == 5
    )
    make_transmission(pui, {product: (4, 1)}, by=gf, due_on=due_on)
    address = at("settings_end", product.code)
    answer = national.post(address, {"starts_on": NEXT_WEEK.isoformat(), "reason": "arrêt"})
    assert "1\u00a0PUI en tient ou en consomme" in text(answer)
    assert "Centre-Val de Loire\u00a0: 1" in text(answer)
    sent = {"starts_on": NEXT_WEEK.isoformat(), "reason": "arrêt", "confirmer": "oui"}
    national.post(address, sent | {"seen": seen_in(answer)})
    assert product.monitorings.get().ends_on == NEXT_WEEK - DAY
    assert Transmission.objects.get().state == "confirmed"


def test_those_who_declared_too_early_are_counted(national):
    followed, product, pui = make_followed(), make_product("NOUVEAU"), make_pui()
    gf = make_person("GF", on=pui.establishment)
    answer = national.get(at("settings_follow", "autres", product.code))
    proposed = answer.context["form"].fields["starts_on"].initial
    due_on = proposed - DAY
    make_transmission(pui, {followed: (4, 1)}, by=gf, due_on=due_on)
    sent = priority_form(starts_on=timezone.localdate().isoformat())
    page = text(national.post(at("settings_follow", "autres", product.code), sent))
    assert "1\u00a0PUI a déjà transmis pour cette échéance" in page


def test_a_new_frequency_is_shown_due_day_by_due_day(national):
    make_list()
    make_pui()
    address = at("settings_frequency", "autres")
    sent = {"weekdays": ["2", "5"], "due_time": "12:00", "starts_on": NEXT_WEEK.isoformat()}
    page = text(answer := national.post(address, sent))
    assert "Jusque-là chaque vendredi avant 18\u00a0h" in page
    assert "1 déclaration par semaine avant, 2 après" in page
    assert {"ajoutée", "heure changée"} <= {
        one.verdict for one in answer.context["preview"].due_days
    }
    assert not ReportingRule.objects.exists()
    national.post(address, sent | {"confirmer": "oui", "seen": seen_in(answer)})
    assert ReportingRule.objects.get().weekdays == [2, 5]


def test_a_preview_of_a_regrouping_undoes_what_it_tried(national, product):
    other = make_reference("PROPOFOL", "200 mg/20 ml")
    address = at("settings_regroup", product.code)
    answer = national.post(address, {"reference": other.pk})
    assert "passera sous PROPOFOL 200 mg/20 ml" in text(answer)
    assert "MIDAZOLAM 5 mg/ml ne réunira plus aucune UCD" in text(answer)
    product.refresh_from_db()
    assert product.reference != other
    sent = {"reference": other.pk, "confirmer": "oui", "seen": seen_in(answer)}
    assert national.post(address, sent).status_code == 302
    product.refresh_from_db()
    assert product.reference == other
    both = {"reference": other.pk, "substance": "X", "strength": "1"}
    assert "pas les deux" in text(national.post(address, both))


def test_a_product_to_follow_is_searched_among_those_that_nothing_follows(national, product):
    free = make_product("KETAMINE 50 mg")
    page = text(national.get(at("settings_add", "autres"), {"recherche": "ketam"}))
    assert at("settings_follow", "autres", free.code) in page
    page = text(national.get(at("settings_add", "autres"), {"recherche": "midaz"}))
    assert "Déjà suivis" in page
    assert at("settings_follow", "autres", product.code) not in page


def test_a_new_product_is_described_and_leads_to_its_follow_up(national):
    make_list("dispositifs")
    address = at("settings_new", "dispositifs")
    assert "Un code propre à e-Dispostock" in text(national.get(address))
    answer = national.post(address, {"label": "Seringue", "unit": "seringue"})
    assert answer.url == at("settings_follow", "dispositifs", "DSV0001")
    make_list()
    answer = national.post(at("settings_new", "autres"), {"label": "X", "unit": "u", "code": "1"})
    assert answer.status_code == 422
    assert "n’est pas un code UCD" in text(answer)
    sent = {"label": "X", "unit": "u", "substance": "X"}
    assert "ensemble" in text(national.post(at("settings_new", "autres"), sent))


def test_the_page_of_a_product_offers_what_may_be_decided_to_the_national_cell_alone(
    national, product, client_for
):
    free = make_product("VACCIN", kind="vaccine")
    page = text(national.get(at("product", product.code)))
    assert at("settings_priority", product.code) in page
    page = text(national.get(at("product", free.code)))
    assert at("settings_follow", "grippe", free.code) in page
    reader = client_for("OIE")
    assert "Changer la priorité" not in text(reader.get(at("product", product.code)))
    assert reader.get(at("settings_priority", product.code)).status_code == 403


@pytest.mark.parametrize("name", ["settings_priority", "settings_end", "settings_regroup"])
def test_a_product_that_does_not_exist_is_not_found(national, name):
    assert national.get(at(name, "0000000")).status_code == 404


def test_the_settings_take_as_many_queries_for_one_product_as_for_ten(
    national, product, count_queries
):
    with_one = count_queries(at("settings"))
    for number in range(9):
        make_followed(make_product(f"PRODUIT {number}"))
    assert count_queries(at("settings")) == with_one
