"""Minutes become hours without a figure lost; what is old leaves."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from monitoring.histogram import CLASSES
from monitoring.models import Fault, SlowStatement, Traffic
from monitoring.upkeep import HOURS_KEPT, MINUTES_KEPT, STATEMENTS_KEPT, fold

pytestmark = pytest.mark.django_db


def measure(at: datetime, name="home", count=1, rank=3):
    buckets = [0] * CLASSES
    buckets[rank] = count
    return Traffic.objects.create(
        at=at,
        kind="page",
        name=name,
        method="GET",
        outcome="200",
        count=count,
        millis=10 * count,
        statements=2 * count,
        statement_millis=count,
        buckets=buckets,
    )


def test_old_minutes_are_added_up_by_hour(db):
    hour = (timezone.now() - MINUTES_KEPT - timedelta(hours=3)).replace(
        minute=0, second=0, microsecond=0
    )
    measure(hour, count=5)
    measure(hour + timedelta(minutes=7), count=2, rank=4)
    measure(hour + timedelta(minutes=59), count=1, rank=4)
    measure(hour + timedelta(minutes=60), count=4)
    recent = measure(timezone.now(), count=9)
    fold()
    fold()  # a second time changes nothing
    found = {one.at: one for one in Traffic.objects.all()}
    assert set(found) == {hour, hour + timedelta(hours=1), recent.at}
    assert (found[hour].count, found[hour].millis, found[hour].statements) == (8, 80, 16)
    assert found[hour].buckets[3:5] == [5, 3]


def test_what_is_too_old_leaves(db):
    now = timezone.now()
    measure(now - HOURS_KEPT - timedelta(hours=2))
    Fault.objects.create(at=now - HOURS_KEPT - timedelta(hours=2), request="a", outcome="500")
    Fault.objects.create(at=now, request="b", outcome="500")
    for digest, age in (("old", STATEMENTS_KEPT + timedelta(hours=1)), ("new", timedelta())):
        SlowStatement.objects.create(
            digest=digest,
            text="SELECT ?",
            count=1,
            millis=1,
            slowest=1,
            first_at=now - age,
            last_at=now - age,
        )
    fold()
    assert not Traffic.objects.exists()
    assert Fault.objects.get().request == "b"
    assert SlowStatement.objects.get().digest == "new"
