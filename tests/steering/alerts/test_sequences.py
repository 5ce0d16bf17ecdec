"""Whatever the sequence of looks, what an alert says of itself holds together."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from common.cover import Level
from steering.alerts.conditions import RANKS, Found, holds
from steering.alerts.measures.measure import Place, Reading
from steering.alerts.transitions import RESUMES_WITHIN, is_forgotten, is_written, look, watched
from steering.models import Alert, AlertEvent, AlertRule, AlertScale

State, Kind = Alert.State, AlertEvent.Kind
START = datetime(2026, 11, 18, 12, tzinfo=UTC)
CENTRE = Place(AlertScale.REGION, "24", "Centre-Val de Loire", "24")
DAYS = {
    Level.SHORTAGE: Decimal("0.5"),
    Level.CRITICAL: Decimal(3),
    Level.TENSE: Decimal(15),
    Level.SUFFICIENT: Decimal(40),
    Level.UNKNOWN: None,
}
LOOKS = st.lists(
    st.tuples(st.sampled_from(list(DAYS)), st.integers(min_value=1, max_value=60)), max_size=40
)
RULES = st.builds(
    AlertRule,
    measure=st.just("epi_cover"),
    scale=st.just(AlertScale.REGION),
    at_least=st.sampled_from([Level.TENSE, Level.CRITICAL, Level.SHORTAGE]),
    places=st.just(1),
    lasts_days=st.integers(0, 3),
    calm_hours=st.sampled_from([0, 6, 24, 72]),
)


def found_of(rule, level):
    reading = Reading("1", "Masques", CENTRE, DAYS[level], level)
    return Found("1", "Masques", CENTRE, holds(rule, reading), DAYS[level], level, {})


@dataclass
class Life:
    """One alert after another of the same place, and what is known of it besides."""

    rule: AlertRule
    now: datetime = START
    alert: Alert | None = None
    held_since: datetime = START
    calm_since: datetime | None = None
    said: list[str] = field(default_factory=list)

    def see(self, level, hours):
        self.now += timedelta(hours=hours)
        found = found_of(self.rule, level)
        if not self.is_followed(found):
            self.alert = None
            if not found.holds:
                return
            self.alert, self.held_since = watched(self.rule, found, self.now), self.now
            self.said = []
        if self.alert.state == State.CLOSED and not found.holds:
            return
        if found.holds is not None:
            self.calm_since = None if found.holds else self.calm_since or self.now
        before = self.alert.told_level
        events = look(self.alert, found, self.now)
        self.check(found, events, before)
        self.said += [one.kind for one in events]

    def is_followed(self, found):
        """As the evaluation keeps it: neither forgotten nor closed for too long."""
        if self.alert is None or is_forgotten(self.alert, found):
            return False
        closed_at = self.alert.closed_at
        return closed_at is None or self.now - closed_at < RESUMES_WITHIN

    def check(self, found, events, before):
        kinds = [one.kind for one in events]
        check_state(self.alert)
        assert sum(map(is_written, events)) <= 1
        if found.holds is None:
            assert kinds == []
        if Kind.OPENED in kinds:
            assert self.now - self.held_since >= timedelta(days=self.rule.lasts_days)
            assert Kind.OPENED not in self.said
        if Kind.CLOSED in kinds:
            assert self.now - self.calm_since >= timedelta(hours=self.rule.calm_hours)
        if Kind.WORSENED in kinds:
            assert RANKS[Level(self.alert.level)] < RANKS[Level(before)]


@given(rule=RULES, looks=LOOKS)
def test_any_sequence_of_looks(rule, looks):
    life = Life(rule)
    for level, hours in looks:
        life.see(level, hours)


def check_state(alert):
    """As the constraints of the database say."""
    assert (alert.opened_at is None) == (alert.state == State.WATCHED)
    assert (alert.closed_at is not None) == (alert.state == State.CLOSED)
    if alert.opened_at:
        assert RANKS[Level(alert.worst_level)] <= RANKS[Level(alert.told_level)]
