"""The one way to write in the journal."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from common.logs import request_id
from journal.models import Entry


def record(
    verb: str,
    *,
    by: AbstractBaseUser | None,
    target: object = "",
    place: object = None,
    profile: object = "",
    address: str | None = None,
    **details: Any,
) -> Entry:
    """Write that ``verb`` ("app.past_participle") was done, in the transaction under way.

    ``place`` is anything with ``finess``, ``region_id`` and ``department_id`` (an establishment, a
    legal entity); ``by`` is None for the system itself. ``details`` must be JSON values: before,
    after, reason, counts. Never a password, a token or a session number.
    """
    entry = entry_of(
        verb, by=by, target=target, place=place, profile=profile, address=address, **details
    )
    entry.save(force_insert=True)
    return entry


def record_all(entries: Sequence[Entry]) -> None:
    """Write what one act did to many rows, each in its own entry, in one statement."""
    Entry.objects.bulk_create(entries)


def entry_of(
    verb: str,
    *,
    by: AbstractBaseUser | None,
    target: object = "",
    place: object = None,
    profile: object = "",
    address: str | None = None,
    **details: Any,
) -> Entry:
    """The entry that ``record`` would write, for ``record_all``."""
    return Entry(
        verb=verb,
        by=by,  # type: ignore[misc]  # the user model is on a higher floor
        profile=str(profile or getattr(by, "active_profile", None) or ""),
        target=_storable(str(target))[:200],
        finess=getattr(place, "finess", "") or "",
        region_code=getattr(place, "region_id", "") or "",
        department_code=getattr(place, "department_id", "") or "",
        details=_storable(details),
        request_id=request_id.get(),
        address=address or getattr(by, "request_address", None),
    )


def _storable(value: Any) -> Any:
    """The same without the one character that PostgreSQL refuses: a forged address may hold it."""
    match value:
        case str():
            return value.replace("\x00", "\ufffd")
        case dict():
            return {_storable(name): _storable(one) for name, one in value.items()}
        case list() | tuple():
            return [_storable(one) for one in value]
    return value
