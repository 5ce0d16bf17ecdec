"""A pharmacy asks its agency for help: its figures go with it, every answer has its words."""

from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from journal.models import Entry
from pui.medicine import Medicine
from pui.models import HelpRequest
from pui.services.helping import (
    Asked,
    HelpError,
    Outcome,
    ask_help,
    withdraw_request,
)
from tests.builders import make_person, make_region
from tests.locks import before_another
from tests.pui.helping.asking import WHY, answer, ask

pytestmark = pytest.mark.django_db


def test_the_stock_and_the_consumption_declared_go_with_the_request(country):
    row = ask(country)
    assert (row.stock, row.daily) == (Decimal(20), Decimal(10))
    assert row.declared_on is not None
    entry = Entry.objects.get(verb="pui.help_asked")
    assert (entry.by_id, entry.finess) == (
        country.gf.pk,
        country.orleans.establishment.finess,
    )


def test_who_never_declared_may_ask_all_the_same(country):
    row = ask(country, by=country.agent, pui=country.tours)
    assert (row.stock, row.daily, row.declared_on) == (None, None, None)


def test_one_request_at_a_time_for_a_product_of_a_pharmacy(country):
    row = ask(country)
    with pytest.raises(HelpError, match="déjà une demande en cours"):
        ask(country)
    withdraw_request(by=country.gf, request=row)
    assert ask(country).is_waiting


@pytest.mark.parametrize("role", ["GF", "OIE"])
def test_whoever_may_ask_on_a_site_asks_for_its_pharmacies_alone(country, role):
    person = make_person(role, on=country.orleans.establishment)
    assert ask(country, by=person).asked_by == person
    with pytest.raises(HelpError, match="votre périmètre"):
        ask(country, by=person, pui=country.blois)


def test_an_agency_asks_for_a_pharmacy_that_calls_it_but_not_elsewhere(country):
    assert ask(country, by=country.agent, pui=country.blois).pk
    with pytest.raises(HelpError, match="votre périmètre"):
        ask(country, by=country.agent, pui=country.lyon)


def test_a_request_and_an_answer_are_always_in_words(country):
    with pytest.raises(HelpError, match="motif"):
        ask(country, reason=" ")
    row = ask(country)
    for outcome in Outcome:
        with pytest.raises(HelpError, match="Écrivez votre réponse"):
            answer(country, row, outcome, "non")
    with pytest.raises(HelpError, match="Choisissez une réponse"):
        answer(country, row, "withdrawn")


def test_what_is_taken_care_of_may_be_answered_again_what_is_ended_may_not(country):
    row = ask(country)
    for outcome in (Outcome.TAKEN, Outcome.MUTUAL_AID, Outcome.SETTLED):
        answer(country, row, outcome)
    with pytest.raises(HelpError, match="déjà réglée"):
        answer(country, row)
    with pytest.raises(HelpError, match="déjà réglée"):
        withdraw_request(by=country.gf, request=row)


def test_an_agency_answers_its_own_region_only(country):
    row = ask(country)
    other = make_person("ARA", on=make_region("84", "Auvergne-Rhône-Alpes"))
    for person in (other, country.gf, make_person("ARL", domain="dispostock")):
        with pytest.raises(HelpError, match="périmètre"):
            answer(country, row, by=person)


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_at_once_the_second_reads_the_first(country):
    row = ask(country)
    second = make_person("ARA", on=make_region())

    def late():
        answer(country, row, Outcome.REFUSED, "Impossible cette semaine", by=second, seen="waiting")

    with before_another(late, refused=(HelpError,)) as refusals:
        answer(country, row, seen="waiting")
    assert ["vient de répondre" in str(one) for one in refusals] == [True]
    row.refresh_from_db()
    assert (row.state, len(mail.outbox)) == ("taken", 1)


def test_a_precise_ucd_may_be_asked_beside_its_reference(country):
    ask(country)
    asked = Asked(
        Medicine(country.product, country.product.reference, "ampoule"),
        10,
        HelpRequest.Urgency.TODAY,
        WHY,
    )
    row = ask_help(by=country.gf, pui=country.orleans, asked=asked, now=timezone.now())
    assert row.label == country.product.label
