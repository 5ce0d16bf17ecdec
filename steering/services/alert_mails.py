"""Tell people of alerts: at once, or once a morning; each event once to each person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Profile, User
from journal.services import record
from steering.alerts import letters
from steering.alerts.recipients import Recipient, Rhythm, desk_of, recipients_of
from steering.alerts.transitions import is_written
from steering.models import AlertEvent, AlertNotice, AlertPreference

CHUNK = 1_000


def tell(events: Iterable[AlertEvent]) -> int:
    """Write to whoever must know, grouped: one mail a person; say how many leave now."""
    written = [one for one in events if is_written(one)]
    people = recipients_of([one.alert for one in written])
    now = timezone.now()
    notices, at_once = [], defaultdict(list)
    for event in written:
        for one in people.get(desk_of(event.alert), ()):
            is_now = one.rhythm == Rhythm.AT_ONCE
            notices.append(
                AlertNotice(event=event, profile_id=one.profile_id, sent_at=now if is_now else None)
            )
            if is_now:
                at_once[one.address].append(event)
    AlertNotice.objects.bulk_create(notices, batch_size=CHUNK)
    for address, told in at_once.items():
        letters.write(address, distinct(told))
    return len(at_once)


@transaction.atomic
def tell_daily() -> int:
    """The mail of the morning: what waited since the last one, to those who still may read it.

    What is not written is forgotten: the page of an alert names those who were told.
    """
    rows = AlertNotice.objects.select_for_update(of=("self",), skip_locked=True)
    about = ("event__alert__rule", "profile")
    waiting = list(rows.filter(sent_at=None).select_related(*about).order_by("pk"))
    people = recipients_of([one.event.alert for one in waiting])
    by_address: dict[str, list[AlertEvent]] = defaultdict(list)
    told: list[int] = []
    vain: list[int] = []
    for one in waiting:
        found = recipient(people.get(desk_of(one.event.alert), ()), one.profile)
        (told if found else vain).append(one.pk)
        if found:
            by_address[found.address].append(one.event)
    for address, events in by_address.items():
        letters.write(address, distinct(events))
    AlertNotice.objects.filter(pk__in=told).update(sent_at=timezone.now())
    AlertNotice.objects.filter(pk__in=vain).delete()
    return len(by_address)


def recipient(people: Sequence[Recipient], profile: Profile) -> Recipient | None:
    return next((one for one in people if one.profile_id == profile.pk), None)


def distinct(events: Iterable[AlertEvent]) -> list[AlertEvent]:
    """Two profiles may read at one address."""
    return list({one.pk: one for one in events}.values())


@transaction.atomic
def choose_rhythm(*, by: User, profile: Profile, rhythm: str) -> None:
    """How often the mails of alerts come under this profile, from now on."""
    AlertPreference.objects.update_or_create(profile=profile, defaults={"rhythm": rhythm})
    record(
        "steering.alert_mails_chosen",
        by=by,
        target=profile,
        rhythm=str(AlertPreference.Rhythm(rhythm).label),
    )
