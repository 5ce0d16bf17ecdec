"""When the people of the demonstration last came, so that something is new to them."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Profile, User
from common.cover import Level
from config import home
from config.demo.people import people_to_try
from steering.models import Visit

AGO = timedelta(days=4)
MOVED = 2  # classes that have become more urgent since


def build_visits() -> None:
    """One past visit a profile; who has come since keeps theirs."""
    day = timezone.localdate() - AGO
    seen_at = timezone.make_aware(datetime.combine(day, time(17, 40)))
    for person in people_to_try():
        for profile in person.profiles.all():
            if profile.state != Profile.State.ACTIVE:
                continue
            told = {"session": 0, "day": day, "seen_at": seen_at, "marks": _marks(person, profile)}
            Visit.objects.get_or_create(user=person, profile=profile, defaults=told)


def _marks(person: User, profile: Profile) -> dict[str, str]:
    """The classes of today, but two that were less urgent then."""
    reader = User.objects.get(pk=person.pk)
    reader.chosen_profile_id = profile.pk
    marks = home.marks(reader)
    urgent = [name for name, word in marks.items() if word == Level.CRITICAL]
    return marks | dict.fromkeys(urgent[:MOVED], Level.TENSE.value)
