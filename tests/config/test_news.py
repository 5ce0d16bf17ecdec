"""« Ce qui a changé depuis votre visite »: what others did where it concerns one."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.journal_page.labels import LABELS
from accounts.told import PRINCIPAL
from common.weeks import current_week, shift
from config import home
from config.changes import _every_told, changes_for
from epi_stocks.models import InventoryLine, WeeklyInventory
from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_weeks
from establishments.told import Fact
from journal.services import record
from orders.models import OrderStep
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_line,
    make_person,
    make_region,
    make_user,
)
from tests.orders.builders import make_beneficiary, make_item, make_order, make_quota

pytestmark = pytest.mark.django_db
AGO = timedelta(hours=2)


def since():
    return timezone.now() - AGO


def texts(user, marks=None):
    """The sentences without their tags."""
    found = changes_for(user, since(), marks or {})
    return [re.sub(r"<[^>]+>", "", str(one.text)) for one in found]


def pui_validated(place, by=None):
    record("pui.onboarding_line_validated", by=by, target="PUI de la Rive", place=place)


@pytest.fixture
def site():
    return make_establishment(name="Hôpital Saint-Aubin")


def test_what_an_agency_did_in_one_s_own_place_is_told_with_who(site):
    person = make_person("GF", on=site)
    thomas = make_person("ARA", on=site.region, user=make_user(first_name="Thomas"))
    record("pui.onboarding_line_validated", by=thomas, target="PUI de la Rive", place=site)
    (text,) = texts(person)
    assert text.startswith("Thomas")
    assert "(" + str(thomas.active_profile) + ")" in text
    assert "a validé PUI de la Rive dans la liste des PUI de la région." in text


def test_one_s_own_acts_are_not_news(site):
    person = make_person("GF", on=site)
    pui_validated(site, by=person)
    assert texts(person) == []


def test_what_happens_elsewhere_is_not_told(site):
    person = make_person("GF", on=site)
    pui_validated(make_establishment(make_legal_entity()))
    assert texts(person) == []


def test_what_was_there_at_the_last_visit_is_not_told(site):
    person = make_person("GF", on=site)
    pui_validated(site)
    assert changes_for(person, timezone.now() + AGO, {}) == []


def test_who_may_not_act_on_it_is_not_told(site):
    pui_validated(site)
    assert texts(make_person("OIE", on=site)) == []


def test_a_habilitation_is_told_to_whom_it_was_given_and_to_the_agency(site):
    person = make_person("OIE", on=site)
    reader = make_person("ARA", on=site.region)
    target = f"{person.username} · {person.active_profile}"
    told = {"habilitation": PRINCIPAL, "reason": ""}
    record("account.habilitation_granted", by=make_user(), target=target, place=site, **told)
    assert f"vous a accordé {PRINCIPAL}" in texts(person)[0]
    assert f"devient APE, {site.name}" in texts(reader)[0]


def test_what_is_given_to_oneself_is_told_as_such_and_to_nobody_of_a_longer_name(site):
    """The nearest of two reasons; « marie » is not « marie.louise »."""
    person = make_person("ARA", on=site.region, user=make_user(username="marie"))
    other = make_person("OIE", on=site, user=make_user(username="marie.louise"))
    told = {"habilitation": PRINCIPAL, "reason": ""}
    for one in (person, other):
        target = f"{one.username} · {site}"
        record("account.habilitation_granted", by=make_user(), target=target, place=site, **told)
    mine = [text for text in texts(person) if "vous a accordé" in text]
    assert len(mine) == 1
    assert len(texts(person)) == 2
    assert len(texts(other)) == 1


def test_an_agency_is_not_told_of_each_habilitation(site):
    reader = make_person("ARA", on=site.region)
    target = f"{make_user().username} · {site}"
    told = {"habilitation": "Lecteur (EPI-Stocks)"}
    record("account.habilitation_granted", by=None, target=target, place=site, **told)
    assert texts(reader) == []


def test_a_list_that_changes_is_told_to_all_who_declare(site):
    person = make_person("GF", on=site)
    told = {"list": "Liste UCD vaccin grippe", "priority": "priorité nationale 1"}
    record("medications.product_followed", by=None, target="Noradrénaline 2 mg/ml",
           starts_on="2020-11-16", **told)  # fmt: skip
    (change,) = changes_for(person, since(), {})
    assert "Noradrénaline 2 mg/ml" in change.text
    assert "dès le 16/11" in change.text
    assert change.url == reverse("medications:list", args=["grippe"])
    assert texts(make_person("OIE", on=site)) == []


def test_a_word_of_the_journal_is_never_read_as_html(site):
    person = make_person("GF", on=site)
    record("pui.described", by=None, target="<script>x</script>", place=site)
    (change,) = changes_for(person, since(), {})
    assert "<script>" not in change.text
    assert "&lt;script&gt;" in change.text


def test_of_one_transfer_the_last_step_alone_is_told(site):
    person = make_person("GF", on=site)
    for step in ("confirmed", "accepted", "shipped"):
        record(f"pui.aid_{step}", by=None, target="PROPOFOL – A → B", place=site)
    (text,) = texts(person)
    assert "a expédié le transfert" in text


@pytest.mark.parametrize(
    ("code", "told"),
    [("GF", {"PROPOFOL"}), ("OIE", {"Gants"}), ("ARA", {"PROPOFOL", "Gants"}), ("OCE", set())],
)
def test_a_transfer_is_told_to_who_does_what_it_is_about(site, code, told):
    """Equipment to the inventory, medicines to the pharmacy, though both accept transfers."""
    record("pui.aid_received", by=None, target="PROPOFOL – A → B", place=site)
    record("epi_stocks.aid_received", by=None, target="Gants – A → B", place=site)
    person = make_person(code, on=site.region if code == "ARA" else site)
    said = " ".join(texts(person))
    assert {name for name in ("PROPOFOL", "Gants") if name in said} == told


def test_a_quota_that_changes_is_told_and_one_renewed_is_not():
    beneficiary = make_beneficiary()
    person = make_person("OCE", on=beneficiary.establishment)
    masks, gloves = make_item(1), make_item(4)
    for item, before, now in ((masks, 160, 200), (gloves, 80, 80)):
        make_quota(beneficiary, item, before, week=shift(current_week(), -1))
        quota = make_quota(beneficiary, item, now)
    (text,) = texts(person)
    assert "passe de 160 à 200 par semaine" in text
    assert quota.granted == 80


def test_an_order_is_told_once_by_its_last_step():
    order = make_order()
    person = make_person("OCE", on=order.beneficiary.establishment)
    for minutes, text in ((30, "Confirmée en entier"), (10, "Expédition EXP-1 livrée")):
        at = timezone.now() - timedelta(minutes=minutes)
        OrderStep.objects.create(order=order, text=text, at=at, author="La Poste")
    mine = {"order": order, "text": "Commande modifiée.", "at": timezone.now(), "by": person}
    OrderStep.objects.create(**mine)
    (text,) = texts(person)
    assert text == f"La Poste, commande {order.number}\u00a0: expédition EXP-1 livrée."


@pytest.fixture
def grid(site):
    load_epi_reference()
    return site


def test_a_colleague_s_lines_are_told_and_those_of_mine_they_changed_first(grid):
    person, nadia = make_person("OIE", on=grid), make_user(first_name="Nadia", last_name="Benali")
    make_line(grid, current_week(), 1, stock=10, daily=1, saved_by=person)
    InventoryLine.objects.filter(establishment=grid).update(stock=20, saved_by=nadia)
    make_line(grid, current_week(), 2, stock=5, saved_by=nadia)
    (text,) = texts(person)
    assert text.startswith("Nadia Benali a modifié 1\u00a0ligne que vous aviez saisie (")
    assert "Hôpital Saint-Aubin" in text


def test_one_s_own_lines_are_not_news(grid):
    person = make_person("OIE", on=grid)
    make_line(grid, current_week(), 1, stock=10, daily=1, saved_by=person)
    assert texts(person) == []


def test_a_department_that_changes_class_is_told_item_by_item(grid):
    reader = make_person("ARA", on=grid.region)
    make_line(grid, current_week(), 1, stock=0, daily=10)
    refresh_weeks([current_week()])
    code = f"epi:{grid.department_id}:1"
    assert home.marks(reader)[code] == "rupture"
    reader.__dict__.pop("epi_levels")
    found = texts(reader, {code: "critique"})
    assert any("passe de critique à rupture (masques chirurgicaux)" in text for text in found)
    assert not any("passe de" in text for text in texts(reader, {code: "rupture"}))


def test_an_agency_reads_who_declared_for_the_first_time_and_who_left_rupture(grid):
    reader = make_person("ARA", on=grid.region)
    earlier = shift(current_week(), -1)
    make_line(grid, earlier, 1, stock=0, daily=10, saved_at=timezone.now() - timedelta(days=7))
    make_line(grid, current_week(), 1, stock=900, daily=10)
    newcomer = make_establishment(grid.legal_entity, name="EHPAD La Source")
    make_line(newcomer, current_week(), 1, stock=900, daily=10)
    found = texts(reader)
    assert "EHPAD La Source déclare pour la première fois." in found
    assert "Hôpital Saint-Aubin sort de rupture (masques chirurgicaux)." in found
    assert len(found) == 2
    assert WeeklyInventory.objects.count() == 3


def test_another_region_s_places_are_not_told(grid):
    make_line(grid, current_week(), 1, stock=900, daily=10)
    bretagne = make_region("53", "Bretagne")
    make_department("35", "Ille-et-Vilaine", bretagne)
    assert texts(make_person("ARA", on=bretagne)) == []


def test_the_number_of_queries_does_not_follow_the_number_of_changes(grid):
    reader = make_person("ARA", on=grid.region)

    def queries():
        fresh = type(reader).objects.get(pk=reader.pk)
        with CaptureQueriesContext(
            connection,
        ) as found:
            changes_for(fresh, since(), {})
        return len(found)

    def happen():
        record("pui.created", by=None, target="PUI", place=grid)
        target = f"{make_user().username} · {grid}"
        told = {"habilitation": PRINCIPAL}
        record("account.habilitation_granted", by=None, target=target, place=grid, **told)

    happen()
    before = queries()
    for _ in range(10):
        happen()
    assert queries() == before
    assert before <= 15


def test_every_verb_that_is_told_exists_in_the_journal_and_every_sentence_reads():
    details = {"pui": 3, "week": "2020-11-16", "list": "Liste UCD vaccin COVID", "lines": 2}
    fact = Fact(timezone.now(), "Nadia", "ch · CH", finess="450990114", details=details)
    told = _every_told()
    assert {one.verb for one in told} <= set(LABELS)
    assert all(one.text(fact) and "{" not in one.text(fact) for one in told)
    assert all(one.url(fact).startswith("/") for one in told if one.url)
