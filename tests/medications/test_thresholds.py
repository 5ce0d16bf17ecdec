"""The thresholds of cover of medicines: dated, announced, kept for the past, read once."""

import html
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Domain
from common.cover import DEFAULT_THRESHOLDS, Level, Thresholds
from journal.models import Entry
from medications.models import CoverRule
from medications.services.settings import ChangedMeanwhileError, SettingsError
from medications.services.thresholds import rules_state, set_cover_thresholds
from medications.thresholds import cover_rules, level_of, thresholds_of
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_list

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = timezone.localdate()
TOMORROW, YESTERDAY = TODAY + DAY, TODAY - DAY
PAGE = "medications:settings_thresholds"


@pytest.fixture
def nadia():
    return make_person("NAT", domain=Domain.DISPOSTOCK)


@pytest.fixture
def national(client, nadia):
    make_list()
    client.force_login(nadia)
    client.user = nadia
    return client


def rule(nadia, days, starts_on):
    found = CoverRule.objects.create(**Thresholds(*days)._asdict(), starts_on=starts_on, by=nadia)
    cover_rules.forget()
    return found


def decide(nadia, days=(2, 10, 30), starts_on=TOMORROW, **more):
    return set_cover_thresholds(
        by=nadia, **Thresholds(*days)._asdict(), starts_on=starts_on, **more
    )


def typed(days=(2, 10, 30), starts_on=TOMORROW, **more):
    named = zip(("shortage", "critical", "tense"), days, strict=True)
    return {name: str(day) for name, day in named} | {"starts_on": starts_on.isoformat()} | more


def text(response):
    return html.unescape(response.content.decode())


def test_without_a_decision_they_are_those_of_the_beginning(db):
    assert thresholds_of() == thresholds_of(YESTERDAY) == DEFAULT_THRESHOLDS


def test_a_due_day_past_keeps_the_thresholds_of_its_day(nadia):
    rule(nadia, (1, 5, 10), TODAY - 30 * DAY)
    rule(nadia, (2, 10, 30), TODAY)
    assert thresholds_of(TODAY - 31 * DAY) == DEFAULT_THRESHOLDS
    assert thresholds_of(YESTERDAY) == (1, 5, 10)
    assert thresholds_of(TODAY) == thresholds_of() == (2, 10, 30)


def test_a_due_day_to_come_is_told_by_the_thresholds_of_today(nadia):
    """The due day under way is often later this week: what is announced does not hold yet."""
    rule(nadia, (2, 10, 30), TOMORROW)
    assert thresholds_of(TODAY + 3 * DAY) == DEFAULT_THRESHOLDS


@pytest.mark.parametrize(
    ("stock", "expected"),
    [(1, Level.SHORTAGE), (9, Level.CRITICAL), (29, Level.TENSE), (30, Level.SUFFICIENT)],
)
def test_a_level_follows_them(nadia, stock, expected):
    rule(nadia, (2, 10, 30), TODAY)
    assert level_of(stock, 1) is expected


def test_many_levels_ask_the_base_once(nadia):
    rule(nadia, (2, 10, 30), TODAY)
    with CaptureQueriesContext(connection) as asked:
        for stock in range(50):
            level_of(stock, 1, YESTERDAY)
    assert len(asked) == 1


def test_a_decision_says_who_what_and_from_when(nadia):
    decided = decide(nadia)
    assert (decided.by, decided.thresholds) == (nadia, (2, 10, 30))
    entry = Entry.objects.get(verb="medications.thresholds_set")
    assert entry.by == nadia
    assert entry.details["before"].startswith("rupture sous 1")
    assert entry.details["after"].endswith("tendue sous 30\u00a0j")
    assert entry.details["starts_on"] == TOMORROW.isoformat()


def test_nothing_changes_on_the_very_day(nadia):
    with pytest.raises(SettingsError, match="au plus tôt"):
        decide(nadia, starts_on=TODAY)


@pytest.mark.parametrize("days", [(7, 7, 21), (1, 21, 21), (8, 7, 21), (0, 7, 21), (1, 7, 366)])
def test_thresholds_that_do_not_grow_are_refused_twice(nadia, days):
    with pytest.raises(SettingsError, match="croître"):
        decide(nadia, days)
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(nadia, days, TOMORROW)


def test_one_decision_a_day_replaces_what_was_announced_from_then_on(nadia):
    rule(nadia, (1, 5, 10), YESTERDAY)
    decide(nadia, (2, 10, 30), TOMORROW)
    decide(nadia, (3, 12, 40), TOMORROW + 9 * DAY)
    decide(nadia, (4, 14, 50), TOMORROW)
    assert list(CoverRule.objects.values_list("starts_on", "tense")) == [
        (YESTERDAY, 10),
        (TOMORROW, 50),
    ]


def test_what_is_so_already_is_said_and_not_written(nadia):
    with pytest.raises(SettingsError, match="déjà ceux"):
        decide(nadia, DEFAULT_THRESHOLDS)


def test_an_announced_change_is_taken_back_by_those_of_today(nadia):
    decide(nadia, (2, 10, 30), TOMORROW + DAY)
    decide(nadia, DEFAULT_THRESHOLDS, TOMORROW)
    assert [one.thresholds for one in CoverRule.objects.all()] == [DEFAULT_THRESHOLDS]


def test_who_read_a_preview_before_another_decision_writes_nothing(nadia):
    seen = rules_state()
    decide(nadia)
    with pytest.raises(ChangedMeanwhileError):
        decide(nadia, (3, 12, 40), seen=seen)


@pytest.mark.parametrize("code", ["GF", "ARA", "TEC", "SUP"])
def test_only_the_national_cell_changes_them(client_for, code):
    client = client_for(code)
    assert client.get(reverse(PAGE)).status_code == 403
    with pytest.raises(SettingsError, match="cellule nationale"):
        decide(client.user)


def test_the_page_shows_those_in_force_announced_and_past(national):
    rule(national.user, (1, 5, 10), YESTERDAY)
    rule(national.user, (2, 10, 30), TOMORROW)
    response = national.get(reverse(PAGE))
    assert_sound_html(response)
    body = text(response)
    assert body.count("en vigueur</span>") == 1
    assert body.count("annoncés</span>") == 1
    assert national.user.get_full_name() in body
    assert response.context["form"].initial["tense"] == 10


def test_nothing_is_written_before_the_preview_is_confirmed(national):
    answer = national.post(reverse(PAGE), typed())
    assert "au lieu de 1, 7 et 21" in text(answer)
    assert not CoverRule.objects.exists()
    sent = typed(confirmer="oui", seen=answer.context["seen"])
    assert national.post(reverse(PAGE), sent).status_code == 302
    assert CoverRule.objects.get().tense == 30


def test_the_preview_names_what_it_replaces(national):
    rule(national.user, (3, 12, 40), TOMORROW + DAY)
    assert "3, 12 et 40 jours) sont remplacés" in text(national.post(reverse(PAGE), typed()))


@pytest.mark.parametrize(
    "wrong",
    [{"shortage": ""}, {"critical": "x"}, {"tense": "99999999999"}, {"starts_on": "hier"}],
)
def test_what_cannot_be_read_is_said_beside_its_field(national, wrong):
    response = national.post(reverse(PAGE), typed() | wrong)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(wrong)
