"""The journal of the fictitious past: what the services would have written, on its day."""

from datetime import datetime

from accounts.models import Profile, User
from journal.services import entry_of


def write_past(
    at: datetime, verb: str, profile: Profile, *, by: User | None, **details: object
) -> None:
    """What happened to a profile, as ``accounts.services`` writes it."""
    target = f"{profile.user.username} · {profile}"
    _write(at, verb, target, profile.entity, by, details)


def write_past_invitation(at: datetime, verb: str, invitation, **details: object) -> None:
    _write(at, verb, invitation, invitation.entity, invitation.invited_by, details)


def _write(
    at: datetime, verb: str, target: object, entity: object, by: User | None, details: dict
) -> None:
    place = entity if getattr(entity, "finess", "") else None
    told = {name: value for name, value in details.items() if value}
    entry = entry_of(verb, by=by, target=target, place=place, **told)
    entry.at = at
    entry.save_base(raw=True, force_insert=True)  # as it is: the journal dates the rest by itself
