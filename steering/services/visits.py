"""The visits of the home page: since when something is new to a person.

Kept while the page is shown: it is what the page remembers of its reader, no business data, and
nobody else reads it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from steering.models import Visit

STEP = timedelta(minutes=1)  # what is shown again within this time is not written again
PAUSE = timedelta(hours=1)  # a session that ends by itself and begins again is the same visit

Marks = Mapping[str, str]


def note_visit(*, user: User, session: int, marks: Marks, now: datetime | None = None) -> Visit:
    """The visit under way, the one before closed if this is another session or another day.

    ``session``: when it began, in seconds since 1970. Two pages opened at once are one visit, and
    so is who logs in again within the hour: a regional session ends after a quarter of an hour.
    """
    now = now or timezone.now()
    day = timezone.localdate(now)
    rows = Visit.objects.filter(user=user, profile=user.active_profile)
    visit = rows.first()
    if visit is None:
        first = Visit(user=user, profile=user.active_profile, session=session, day=day)
        first.seen_at, first.marks = now, dict(marks)
        Visit.objects.bulk_create([first], ignore_conflicts=True)
        return rows.get()
    is_back = visit.session != session and now - visit.seen_at >= PAUSE
    if is_back or visit.day != day:
        closing = rows.filter(session=visit.session, day=visit.day)
        closing.update(
            session=session,
            day=day,
            before_at=F("seen_at"),
            before_marks=F("marks"),
            seen_at=now,
            marks=dict(marks),
        )
        return rows.get()
    if now - visit.seen_at >= STEP:
        rows.update(session=session, seen_at=now, marks=dict(marks))
    return visit
