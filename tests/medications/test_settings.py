"""What the national cell decides of the lists, and what it never undoes."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Domain
from common.identifiers import ucd_key_holds
from journal.models import Entry
from medications.calendar import calendar_of
from medications.models import (
    AlternateCode,
    Monitoring,
    Priority,
    ReferenceProduct,
    ReportingRule,
)
from medications.services.describing import describe_product
from medications.services.settings import (
    ChangedMeanwhileError,
    SettingsError,
    change_priority,
    end_follow_up,
    follow_product,
    list_state,
    product_state,
    regroup_product,
    set_frequency,
)
from tests.builders import make_person
from tests.locks import wait_until_somebody_waits_for_a_lock
from tests.pui.builders import make_followed, make_list, make_product, make_reference

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = timezone.localdate()
NEXT_WEEK = TODAY + 7 * DAY


@pytest.fixture
def nadia():
    return make_person("NAT", domain=Domain.DISPOSTOCK)


def spans(product):
    rows = product.monitorings.order_by("starts_on")
    return list(rows.values_list("priority", "starts_on", "ends_on"))


def test_a_product_is_followed_from_a_day_on(nadia):
    product, others = make_product(), make_list()
    follow_product(
        by=nadia, product=product, monitored_list=others, priority=1, starts_on=NEXT_WEEK
    )
    assert spans(product) == [(Priority.NATIONAL, NEXT_WEEK, None)]
    entry = Entry.objects.get(verb="medications.product_followed")
    assert (entry.target, entry.details["priority"]) == (product.label, "priorité nationale 1")


def test_a_product_followed_already_is_not_followed_twice(nadia):
    product = make_followed()
    with pytest.raises(SettingsError, match="déjà suivi depuis le 06/01/2020"):
        follow_product(
            by=nadia, product=product, monitored_list=make_list(), priority=1, starts_on=TODAY
        )
    coming = make_followed(make_product("Y"), starts_on=NEXT_WEEK)
    with pytest.raises(SettingsError, match="déjà suivi à partir du"):
        follow_product(
            by=nadia, product=coming, monitored_list=make_list(), priority=1, starts_on=TODAY
        )


@pytest.mark.parametrize(
    ("kind", "slug"), [("medicine", "grippe"), ("vaccine", "autres"), ("virtual", "autres")]
)
def test_a_list_follows_products_of_its_kind_only(nadia, kind, slug):
    product = make_product(kind=kind)
    with pytest.raises(SettingsError, match="ne peut pas le suivre"):
        follow_product(
            by=nadia, product=product, monitored_list=make_list(slug), priority=3, starts_on=TODAY
        )


def test_a_withdrawn_product_is_not_followed(nadia):
    product = make_product(withdrawn_on=TODAY - DAY)
    with pytest.raises(SettingsError, match="est retiré depuis"):
        follow_product(
            by=nadia, product=product, monitored_list=make_list(), priority=3, starts_on=TODAY
        )


def test_a_priority_changes_from_a_day_on_and_what_was_before_stays_known(nadia):
    product = make_followed(ends_on=NEXT_WEEK + DAY)
    change_priority(by=nadia, product=product, priority=1, starts_on=NEXT_WEEK)
    assert spans(product) == [
        (Priority.NORMAL, date(2020, 1, 6), NEXT_WEEK - DAY),
        (Priority.NATIONAL, NEXT_WEEK, NEXT_WEEK + DAY),
    ]


def test_a_priority_corrected_the_same_day_leaves_one_span(nadia):
    product = make_followed(starts_on=NEXT_WEEK)
    change_priority(by=nadia, product=product, priority=2, starts_on=NEXT_WEEK)
    assert spans(product) == [(Priority.HIGH, NEXT_WEEK, None)]


def test_a_priority_that_is_already_so_or_of_nothing_followed_is_refused(nadia):
    product = make_followed()
    with pytest.raises(SettingsError, match="déjà en priorité 3"):
        change_priority(by=nadia, product=product, priority=3, starts_on=NEXT_WEEK)
    with pytest.raises(SettingsError, match="n’est pas suivi"):
        change_priority(by=nadia, product=make_product("Y"), priority=3, starts_on=NEXT_WEEK)


def test_a_follow_up_ends_before_a_day_with_what_was_announced_after(nadia):
    product = make_followed()
    change_priority(by=nadia, product=product, priority=1, starts_on=NEXT_WEEK + DAY)
    end_follow_up(by=nadia, product=product, starts_on=NEXT_WEEK, reason="arrêt")
    assert spans(product) == [(Priority.NORMAL, date(2020, 1, 6), NEXT_WEEK - DAY)]
    with pytest.raises(SettingsError, match="n’est plus suivi"):
        end_follow_up(by=nadia, product=product, starts_on=NEXT_WEEK, reason="arrêt")


def test_what_was_announced_and_ends_before_it_began_was_never_followed(nadia):
    product = make_followed(starts_on=NEXT_WEEK)
    end_follow_up(by=nadia, product=product, starts_on=TODAY, reason="erreur")
    assert spans(product) == []


def test_a_product_is_put_under_a_known_reference_or_a_new_one(nadia):
    product, other = make_product(), make_reference("PROPOFOL", "200 mg/20 ml")
    regroup_product(by=nadia, product=product, reference=other)
    product.refresh_from_db()
    assert (product.reference, product.substance.name) == (other, "PROPOFOL")
    regroup_product(by=nadia, product=product, substance=" kétamine ", strength="50  mg")
    assert product.reference.label == "KÉTAMINE 50 mg"
    again = regroup_product(
        by=nadia, product=make_product("Y"), substance="Kétamine", strength="50 MG"
    )
    assert again == product.reference
    with pytest.raises(SettingsError, match="est déjà sous"):
        regroup_product(by=nadia, product=product, reference=again)
    entry = Entry.objects.filter(verb="medications.product_regrouped").latest("pk")
    assert entry.details["after"] == "KÉTAMINE 50 mg"


def test_a_new_reference_needs_a_molecule_and_a_strength_and_a_device_has_none(nadia):
    with pytest.raises(SettingsError, match="donnez une DCI et un dosage"):
        regroup_product(by=nadia, product=make_product(), substance="X", strength=" ")
    device = make_product("Seringue", code="DSV0001", kind="device")
    with pytest.raises(SettingsError, match="Un dispositif n’a pas"):
        regroup_product(by=nadia, product=device, reference=make_reference("A", "1"))
    assert not ReferenceProduct.objects.filter(substance__name="X").exists()


def test_a_frequency_changes_from_a_day_on(nadia):
    others = make_list()
    set_frequency(
        by=nadia, monitored_list=others, weekdays=[5, 2, 2], due_time=time(12), starts_on=NEXT_WEEK
    )
    calendar = calendar_of(others)
    assert calendar.rule_on(NEXT_WEEK - DAY).weekdays == (5,)
    assert calendar.rule_on(NEXT_WEEK).weekdays == (2, 5)
    entry = Entry.objects.get(verb="medications.frequency_set")
    assert entry.details["after"] == "chaque mardi et vendredi avant 12\u00a0h"
    set_frequency(
        by=nadia, monitored_list=others, weekdays=[1], due_time=time(9), starts_on=NEXT_WEEK
    )
    assert ReportingRule.objects.get().weekdays == [1]


@pytest.mark.parametrize(
    ("weekdays", "starts_on", "sentence"),
    [
        ([], NEXT_WEEK, "au moins une fois par semaine"),
        ([8], NEXT_WEEK, "au moins une fois par semaine"),
        ([5], NEXT_WEEK, "se déclare déjà chaque vendredi"),
        ([1], TODAY, "pas pour le passé"),
    ],
)
def test_a_frequency_that_cannot_be_is_refused(nadia, weekdays, starts_on, sentence):
    with pytest.raises(SettingsError, match=sentence):
        set_frequency(
            by=nadia,
            monitored_list=make_list(),
            weekdays=weekdays,
            due_time=time(18),
            starts_on=starts_on,
        )


def test_the_past_is_never_changed_and_nobody_else_decides(nadia):
    product = make_followed()
    with pytest.raises(SettingsError, match="ne vaut pas pour le passé"):
        change_priority(by=nadia, product=product, priority=1, starts_on=TODAY - DAY)
    for code in ("ARA", "NAL", "GF"):
        other = make_person(code, domain=Domain.DISPOSTOCK if code == "NAL" else None)
        with pytest.raises(SettingsError, match="Seule la cellule nationale"):
            change_priority(by=other, product=product, priority=1, starts_on=NEXT_WEEK)
    assert not Entry.objects.filter(verb__startswith="medications.").exists()


def test_of_two_people_who_read_the_same_preview_the_second_reads_again(nadia):
    product, others = make_followed(), make_list()
    seen, rules = product_state(product), list_state(others)
    change_priority(by=nadia, product=product, priority=1, starts_on=NEXT_WEEK, seen=seen)
    with pytest.raises(ChangedMeanwhileError, match="vient de changer"):
        change_priority(by=nadia, product=product, priority=2, starts_on=TODAY, seen=seen)
    change = {"by": nadia, "monitored_list": others, "due_time": time(12), "starts_on": NEXT_WEEK}
    set_frequency(**change, weekdays=[1], seen=rules)
    with pytest.raises(ChangedMeanwhileError):
        set_frequency(**change, weekdays=[2], seen=rules)
    assert Monitoring.objects.filter(product=product).count() == 2


def test_a_product_that_no_table_holds_is_described_then_followed(nadia):
    covid = make_list("covid")
    vaccine = describe_product(
        by=nadia, monitored_list=covid, label="VACCIN X", unit="flacon", substance="x", strength="1"
    )
    assert (vaccine.kind, vaccine.is_fictitious, vaccine.reference.label) == (
        "vaccine",
        True,
        "X 1",
    )
    assert ucd_key_holds(vaccine.code)
    other = describe_product(by=nadia, monitored_list=covid, label="VACCIN Y", unit="flacon")
    assert other.code != vaccine.code
    follow_product(by=nadia, product=other, monitored_list=covid, priority=3, starts_on=NEXT_WEEK)
    real = describe_product(
        by=nadia, monitored_list=covid, label="Z", unit="flacon", code="3400892805689"
    )
    assert (real.code, real.is_fictitious) == ("9280568", False)
    assert Entry.objects.filter(verb="medications.product_described").count() == 3


def test_a_device_receives_the_next_code_of_its_own(nadia):
    make_product("Aiguille", code="DSV0001", kind="device")
    device = describe_product(
        by=nadia, monitored_list=make_list("dispositifs"), label="Seringue", unit="seringue"
    )
    assert (device.code, device.kind, device.is_fictitious) == ("DSV0002", "device", False)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("9280568", "déjà connue"), ("9276549", "désigne déjà un autre"), ("12", "2 caractères")],
)
def test_a_code_that_is_taken_or_is_none_is_refused(nadia, code, sentence):
    known = make_product("CONNU", code="9280568")
    AlternateCode.objects.create(code="9276549", product=known)
    with pytest.raises(SettingsError, match=sentence):
        describe_product(by=nadia, monitored_list=make_list(), label="A", unit="u", code=code)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_the_same_moment_one_waits_then_reads_again(nadia):
    product = make_followed()
    seen = product_state(product)
    refusals = []

    def decide_second():
        try:
            change_priority(by=nadia, product=product, priority=2, starts_on=NEXT_WEEK, seen=seen)
        except ChangedMeanwhileError as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    with transaction.atomic():
        change_priority(by=nadia, product=product, priority=1, starts_on=NEXT_WEEK, seen=seen)
        other_person = threading.Thread(target=decide_second)
        other_person.start()
        wait_until_somebody_waits_for_a_lock()
    other_person.join()
    assert len(refusals) == 1
    assert [priority for priority, _, _ in spans(product)] == [3, 1]
