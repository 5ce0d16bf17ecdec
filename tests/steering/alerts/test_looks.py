"""What a look changes: opening, worse, better, over, back; nothing said twice."""

from datetime import timedelta

import pytest

from steering.models import Alert, AlertEvent, AlertNotice, AlertSample
from steering.services.alerts import acknowledge
from tests.steering.alerts.conftest import DAY, HOUR, make_rule

pytestmark = pytest.mark.django_db
State, Kind = Alert.State, AlertEvent.Kind


def kinds():
    return list(AlertEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_limit_passed_opens_an_alert_with_its_figures(country):
    make_rule()
    country.hold(3)
    assert country.look() == 1
    one = country.alert
    assert (one.state, one.level, one.value) == (State.OPEN, "critique", 3)
    assert one.title == "Masques chirurgicaux, Centre-Val de Loire"
    assert one.figures["Stock"] == "300"
    assert AlertSample.objects.get().value == 3


def test_above_the_limit_nothing_opens(country):
    make_rule()
    country.hold(7)
    country.look()
    assert not Alert.objects.exists()


@pytest.mark.parametrize("days", [None, 0])
def test_blank_is_not_a_shortage_and_none_is(country, days):
    make_rule()
    country.hold(days)
    country.look()
    assert Alert.objects.exists() is (days == 0)


def test_a_second_look_adds_nothing(country, mails, reader):
    make_rule()
    country.hold(3)
    country.look()
    country.look(HOUR)
    assert Alert.objects.count() == 1
    assert kinds() == ["opened"]
    assert len(mails) == 1


def test_it_must_hold_for_as_long_as_the_rule_says(country, mails, reader):
    make_rule(lasts_days=2)
    country.hold(3)
    country.look()
    assert country.alert.state == State.WATCHED
    country.look(2 * DAY - HOUR)
    assert country.alert.state == State.WATCHED
    assert mails == []
    country.look(HOUR)
    assert country.alert.state == State.OPEN
    assert len(mails) == 1


def test_what_did_not_last_was_never_an_alert(country):
    make_rule(lasts_days=2)
    country.hold(3)
    country.look()
    country.hold(30)
    country.look(HOUR)
    assert not Alert.objects.exists()


def test_it_closes_after_a_calm_and_not_before(country):
    make_rule(calm_hours=24)
    country.hold(3)
    country.look()
    country.hold(30)
    country.look(HOUR)
    country.look(23 * HOUR)
    assert country.alert.state == State.OPEN
    country.look(HOUR)
    assert country.alert.state == State.CLOSED
    assert kinds() == ["opened", "closed"]


def test_a_relapse_during_the_calm_starts_it_again(country, mails, reader):
    make_rule(calm_hours=24)
    country.hold(3)
    country.look()
    for days in (30, 3, 30, 3):
        country.hold(days)
        country.look(20 * HOUR)
    assert country.alert.state == State.OPEN
    assert kinds() == ["opened"]
    assert len(mails) == 1


def test_it_gets_worse_and_each_class_is_said_once(country, mails, reader):
    make_rule(at_least="tendue")
    for days in (15, 5, 5, 0.5, 5, 0.5):
        country.hold(days)
        country.look(HOUR)
    assert kinds() == ["opened", "worsened", "worsened"]
    assert [subject.split("] ")[-1].split("\u00a0:")[0] for _, subject, _ in mails] == [
        "Alerte",
        "Alerte aggravée",
        "Alerte aggravée",
    ]
    assert "De critique à rupture" in mails[-1][2]


def test_better_for_as_long_as_a_calm_is_noted_without_a_mail_then_worse_is_news(
    country, mails, reader
):
    make_rule(at_least="tendue", calm_hours=24)
    country.hold(0.5)
    country.look()
    country.hold(15)
    country.look(HOUR)
    country.look(DAY)
    assert kinds() == ["opened", "eased"]
    assert len(mails) == 1
    country.hold(0.5)
    country.look(HOUR)
    assert kinds()[-1] == "worsened"
    assert len(mails) == 2


def test_back_within_two_days_the_same_alert_resumes_in_silence(country, mails, reader):
    make_rule(calm_hours=1)
    country.hold(3)
    country.look()
    country.hold(30)
    country.look(HOUR)
    country.look(HOUR)
    assert country.alert.state == State.CLOSED
    count = len(mails)
    country.hold(3)
    country.look(30 * HOUR)
    assert country.alert.state == State.OPEN
    assert kinds() == ["opened", "closed", "resumed"]
    assert len(mails) == count


def test_back_later_it_is_another_alert(country):
    make_rule(calm_hours=1)
    country.hold(3)
    country.look()
    country.hold(30)
    country.look(HOUR)
    country.look(HOUR)
    country.now += 49 * HOUR
    country.hold(30)
    country.hold(3)
    country.look()
    assert Alert.objects.count() == 2


def test_silence_neither_opens_nor_closes(country):
    make_rule(calm_hours=1)
    country.hold(3)
    country.look()
    country.hold(None)
    for _ in range(3):
        country.look(DAY - HOUR)
    assert country.alert.state == State.OPEN


def test_acknowledged_it_writes_no_more_unless_it_gets_worse(country, mails, agent):
    make_rule(calm_hours=1)
    country.hold(3)
    country.look()
    acknowledge(by=agent, alert=country.alert, word="Je m’en occupe.")
    mails.clear()
    country.look(HOUR)
    assert mails == []
    country.hold(0.5)
    country.look(HOUR)
    assert country.alert.state == State.OPEN
    assert country.alert.acknowledged_by is None
    assert len(mails) == 1


def test_the_end_of_what_was_acknowledged_is_no_news(country, mails, agent):
    make_rule(calm_hours=1)
    country.hold(3)
    country.look()
    acknowledge(by=agent, alert=country.alert, word="Je m’en occupe.")
    mails.clear()
    country.hold(30)
    country.look(HOUR)
    country.look(HOUR)
    assert country.alert.state == State.CLOSED
    assert mails == []


def test_resumed_it_stays_acknowledged(country, agent):
    make_rule(calm_hours=1)
    country.hold(3)
    country.look()
    acknowledge(by=agent, alert=country.alert, word="Je m’en occupe.")
    country.hold(30)
    country.look(HOUR)
    country.look(HOUR)
    country.hold(3)
    country.look(HOUR)
    assert country.alert.state == State.ACKNOWLEDGED


def test_three_regions_at_once_are_one_alert_of_the_country_that_names_them(country, mails, cell):
    make_rule(places=3)
    for code in ("24", "28"):
        country.hold(3, code)
    country.look()
    assert not Alert.objects.exists()
    country.hold(0.5, "53")
    country.look(HOUR)
    one = country.alert
    assert (one.scale, one.code, one.is_spread, one.value) == ("country", "FR", True, 3)
    assert [place["name"] for place in one.places] == [
        "Bretagne",
        "Centre-Val de Loire",
        "Normandie",
    ]
    assert "3\u00a0régions" in mails[-1][2]


def test_a_tension_that_spreads_is_written_when_a_region_joins_and_not_again(country, mails, cell):
    make_rule(places=2)
    for code in ("24", "28"):
        country.hold(3, code)
    country.look()
    country.hold(3, "53")
    country.look(HOUR)
    country.hold(30, "53")
    country.look(HOUR)
    country.hold(3, "53")
    country.look(HOUR)
    assert kinds() == ["opened", "spread"]
    assert "Bretagne" in mails[-1][2]
    assert len(mails) == 2


def test_silence_of_a_region_does_not_end_a_spread(country):
    make_rule(places=2, calm_hours=1)
    for code in ("24", "28"):
        country.hold(3, code)
    country.look()
    country.hold(None, "28")
    country.look(HOUR)
    country.look(HOUR)
    assert country.alert.state == State.OPEN
    country.hold(30, "28")
    country.look(HOUR)
    country.look(HOUR)
    assert country.alert.state == State.CLOSED


def test_departments_are_gathered_by_region(country):
    make_rule(scale="department", places=2)
    for code in ("45", "41"):
        country.hold_department(3, code)
    country.look()
    one = country.alert
    assert (one.scale, one.code, one.region_code) == ("region", "24", "24")
    assert {place["name"] for place in one.places} == {"Loiret (45)", "Loir-et-Cher (41)"}


def test_a_stopped_rule_closes_its_alerts(country):
    rule = make_rule()
    country.hold(3)
    country.look()
    rule.is_active = False
    rule.save()
    country.look(HOUR)
    assert country.alert.state == State.CLOSED
    assert AlertEvent.objects.last().text == "La règle n’est plus appliquée."


def test_a_rule_that_looks_elsewhere_closes_what_it_no_longer_covers(country):
    rule = make_rule()
    country.hold(3, "24")
    country.hold(3, "28")
    country.look()
    rule.region_id = "28"
    rule.save()
    country.look(HOUR)
    assert set(Alert.objects.values_list("region_code", "state")) == {
        ("24", State.CLOSED),
        ("28", State.OPEN),
    }


def test_a_rule_dated_later_is_not_applied_yet(country):
    make_rule(starts_on=country.now.date() + timedelta(days=1))
    country.hold(3)
    country.look()
    assert not Alert.objects.exists()


def test_one_subject_alone(country):
    make_rule(subject="2")
    country.hold(3, item=1)
    country.hold(3, item=2)
    country.look()
    assert country.alert.subject == "2"


def test_what_was_written_is_kept_with_the_event(country, mails, reader, agent):
    make_rule()
    country.hold(3)
    country.look()
    assert AlertNotice.objects.filter(event__kind=Kind.OPENED).count() == 2
    assert {to for to, _, _ in mails} == {reader.email, agent.email}
