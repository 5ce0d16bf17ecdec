"""What was written of a question before, by whom: the history that the database keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from support.models import Question, Theme
from support.roles import NAMES

FIELDS = ("theme", "question", "answer", "keywords", "roles", "is_published")
LOADED = "Livrée avec la plateforme"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, and what it said before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """A state of the question: when, by whom, what differs from the one before."""

    at: datetime
    who: str
    differences: list[Difference]


def history_of(question: Question) -> list[Version]:
    """The versions, the latest first."""
    model: Any = Question.pgh_event_models["update"]  # type: ignore[attr-defined]
    events = list(model.objects.filter(pgh_obj_id=question.pk).order_by("pgh_id"))
    people = User.objects.in_bulk({one.updated_by_id for one in events} - {None})
    return list(_versions(events, people))[::-1]


def _versions(events: list[Any], people: dict[int, User]) -> Iterator[Version]:
    before = None
    for event in events:
        differences = _differences(before, event) if before else []
        if before is None or differences:
            who = people.get(event.updated_by_id)
            yield Version(event.pgh_created_at, str(who) if who else LOADED, differences)
        before = event


def _differences(before: Any, after: Any) -> list[Difference]:
    told: list[Difference] = []
    for name in FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            label = str(Question._meta.get_field(name).verbose_name)
            told.append(Difference(label, _text(name, old), _text(name, new)))
    return told


def _text(name: str, value: Any) -> str:
    match name:
        case "theme":
            return str(Theme(value).label)
        case "roles":
            return ", ".join(NAMES.get(code, code) for code in value) or "tout le monde"
        case "is_published":
            return "oui" if value else "non"
    return str(value) or "vide"
