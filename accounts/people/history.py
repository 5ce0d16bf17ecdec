"""What happened to a person's profiles: who did what and why, and which values changed.

The journal says the first; the histories kept by the database say the second, whatever wrote it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.journal_page.details import readable
from accounts.journal_page.reading import Line, lines_of
from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.scopes import FieldOfCare, LegalKind
from journal.models import Entry

SHOWN = 30
ABOUT_ACCOUNT = ("account.unlocked", "account.factor_removed", "account.identity_changed")
PROFILE_FIELDS = ("state", "email", "phone", "address")
RIGHT_FIELDS = ("state", "starts_on", "ends_on", "legal_kinds", "fields_of_care")
WORDS = {
    "profile": dict(Profile.State.choices),
    "right": dict(Habilitation.State.choices),
    "legal_kinds": dict(LegalKind.choices),
    "fields_of_care": dict(FieldOfCare.choices),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Some values of one row that changed at one moment."""

    at: datetime
    who: str
    what: str
    values: list[tuple[str, str]]


def lines_about(person: User, profiles: list[Profile]) -> list[Line]:
    """The last entries of the journal about these profiles, newest first."""
    about = Q(target=person.username, verb__in=ABOUT_ACCOUNT)
    if numbers := [one.finess for one in profiles if one.finess]:
        prefix = f"{person.username} · "
        about |= Q(finess__in=numbers, verb__startswith="account.", target__startswith=prefix)
    if bodies := [f"{person.username} · {one}" for one in profiles if one.body_id]:
        about |= Q(target__in=bodies)
    return list(lines_of(Entry.objects.filter(about).order_by("-at", "-pk")[:SHOWN]))


def changes_of(profiles: list[Profile]) -> list[Change]:
    """The last values changed on these profiles and their habilitations, newest first."""
    events = _updates(Profile).filter(pgh_obj__in=profiles)
    rights = _updates(Habilitation).filter(profile__in=profiles)
    named = {one.pk: str(one) for one in profiles}
    found = [
        *_changes(_read(events), PROFILE_FIELDS, "profile", lambda row: named[row.pgh_obj_id]),
        *_changes(_read(rights), RIGHT_FIELDS, "right", _right_text),
    ]
    changes = sorted(found, key=lambda one: one[0], reverse=True)[:SHOWN]
    people = _named({who for _, who, _, _ in changes if who})
    return [
        Change(at, people.get(who, "Le système"), what, readable(values))
        for at, who, what, values in changes
    ]


Found = tuple[datetime, int | None, str, dict[str, Any]]


def _updates(model: Any) -> QuerySet[Any]:
    """The history of a model, as ``pghistory`` ties it."""
    found: QuerySet[Any] = model.pgh_event_models["update"].objects.all()
    return found


def _read(events: Any) -> list[Any]:
    return list(events.select_related("pgh_context").order_by("pgh_obj_id", "pgh_id"))


def _changes(events: list[Any], fields: tuple[str, ...], kind: str, text: Any) -> Iterator[Found]:
    """Compare each event with the one before it of the same row; the first has nothing before."""
    before: Any = None
    for event in events:
        if before is not None and before.pgh_obj_id == event.pgh_obj_id:
            changed = [name for name in fields if getattr(before, name) != getattr(event, name)]
            if changed:
                told = {
                    side: {name: _text(getattr(row, name), name, kind) for name in changed}
                    for side, row in (("before", before), ("after", event))
                }
                metadata = event.pgh_context.metadata if event.pgh_context else {}
                yield event.pgh_created_at, metadata.get("user"), text(event), told
        before = event


def _right_text(event: Any) -> str:
    return f"{Role(event.role).label} ({Domain(event.domain).label})"


def _text(value: Any, name: str, kind: str) -> Any:
    if name == "state":
        return WORDS[kind].get(value, value)
    if isinstance(value, list):
        return [WORDS[name].get(one, one) for one in value] or "tous"
    return value.isoformat() if hasattr(value, "isoformat") else value


def _named(numbers: set[int]) -> dict[int | None, str]:
    return {one.pk: str(one) for one in User.objects.filter(pk__in=numbers)}
