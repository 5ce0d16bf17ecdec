"""The states in SQL are those of ``vaccines.states``, whatever a line holds."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.builders import make_user
from tests.vaccines.builders import make_line, make_wave
from vaccines.corrections.standing import counts_by_state, late_q, with_state
from vaccines.models import SupplyLine
from vaccines.states import State, state_of

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
DOSES = st.sampled_from([None, 0, 40])
DAYS = st.sampled_from([None, *(TODAY + timedelta(days=days) for days in (-1, 0, 1))])
MOMENTS = st.sampled_from([None, NOW])


@pytest.mark.django_db
class TestStates(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        first=DOSES,
        second=st.sampled_from([None, 0]),
        planned=DOSES,
        expected=DAYS,
        shipped=DAYS,
        whole=MOMENTS,
        removed=MOMENTS,
        due=st.sampled_from([-1, 0, 1]),
    )
    def test_sql_says_what_python_says(
        self, first, second, planned, expected, shipped, whole, removed, due
    ):
        wave = make_wave(TODAY, needs_due_at=NOW + timedelta(seconds=due), opened_by=make_user())
        line = make_line(
            wave,
            first_doses=first,
            second_doses=second,
            planned_doses=planned,
            expected_on=expected,
            shipped_on=shipped,
            received_whole_at=whole,
            removed_at=removed,
            removal="other" if removed else "",
        )
        rows = with_state(SupplyLine.objects.all(), NOW)
        assert rows.get().state == state_of(line, NOW)
        is_late = state_of(line, NOW) is State.NEED_LATE or (
            state_of(line, NOW) is State.AWAITED and expected is not None and expected < TODAY
        )
        assert rows.filter(late_q(NOW)).exists() is is_late
        counts = {state: found for state, found in counts_by_state(rows, NOW).items() if found[0]}
        assert counts == {state_of(line, NOW): (1, int(is_late))}
