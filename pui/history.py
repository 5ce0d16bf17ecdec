"""What was changed of a pharmacy, by whom, when: read from the history that the database keeps."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime

from accounts.models import User
from establishments.models import Establishment
from pui.models import Pui, ServedEstablishment

SYSTEM = "Le système"
NOTHING = "vide"


@dataclass(frozen=True, slots=True)
class Value:
    """A field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one person changed at one moment; ``values`` is empty for a creation."""

    at: datetime
    who: str
    what: str
    values: list[Value] = field(default_factory=list)

    @property
    def at_text(self) -> str:
        return f"{localtime(self.at):%d/%m/%Y à %H:%M}"


def version_of(pui: Pui) -> int:
    """The number of its last state: a form carries it, to know what changed since."""
    found: int | None = events_of(Pui, pgh_obj=pui.pk).values_list("pgh_id", flat=True).last()
    return found or 0


def last_change(pui: Pui) -> Change | None:
    found = changes_of(pui)
    return found[0] if found else None


def changes_of(pui: Pui) -> list[Change]:
    """Everything that happened to a pharmacy and to whom it serves, the last first."""
    states = list(events_of(Pui, pgh_obj=pui.pk))
    served = list(events_of(ServedEstablishment, pui=pui.pk))
    sites = {one.establishment_id for one in (*states, *served)}
    names = {one.pk: str(one) for one in Establishment.objects.filter(pk__in=sites)}
    found = [*_described(states, names), *_served(served, names)]
    people = _named({who for _, who, _, _ in found if who})
    changes = [Change(at, people.get(who, SYSTEM), what, told) for at, who, what, told in found]
    return sorted(reversed(changes), key=lambda one: one.at, reverse=True)


Found = tuple[datetime, int | None, str, list[Value]]


def events_of(model: Any, **lookup: Any) -> QuerySet[Any]:
    """The states of a row, the oldest first."""
    events: QuerySet[Any] = model.pgh_event_models["update"].objects.filter(**lookup)
    return events.select_related("pgh_context").order_by("pgh_id")


def _described(states: list[Any], names: dict[int, str]) -> Iterator[Found]:
    before = None
    for state in states:
        if before is None:
            yield state.pgh_created_at, _who(state), "Création de la PUI", []
        elif told := _differences(before, state, names):
            yield state.pgh_created_at, _who(state), _what(before, state), told
        before = state


def _what(before: Any, after: Any) -> str:
    if before.closed_on is None and after.closed_on is not None:
        return "Fermeture de la PUI"
    if before.closed_on is not None and after.closed_on is None:
        return "Réouverture de la PUI"
    return "Modification de la fiche"


def _differences(before: Any, after: Any, names: dict[int, str]) -> list[Value]:
    told = []
    for one in Pui._meta.concrete_fields:
        if one.name in ("id", "created_at", "sort_label"):
            continue
        old, new = getattr(before, one.attname), getattr(after, one.attname)
        if old != new:
            texts = [
                names[value] if one.attname == "establishment_id" else text_of(value)
                for value in (old, new)
            ]
            told.append(Value(str(one.verbose_name), *texts))
    return told


def _served(events: list[Any], names: dict[int, str]) -> Iterator[Found]:
    last: dict[int, Any] = {}
    for event in events:
        before, name = last.get(event.pgh_obj_id), names[event.establishment_id]
        if event.pgh_label == "delete":
            what, told = f"Établissement desservi retiré\u00a0: {name}", []
        elif before is None:
            what, told = f"Établissement desservi ajouté\u00a0: {name}", [_from(event)]
        else:
            what = f"Établissement desservi\u00a0: {name}"
            told = [Value("jusqu’au", text_of(before.ends_on), text_of(event.ends_on))]
        last[event.pgh_obj_id] = event
        yield event.pgh_created_at, _who(event), what, told


def _from(event: Any) -> Value:
    return Value("à partir du", NOTHING, text_of(event.starts_on))


def text_of(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value) if value not in (None, "") else NOTHING


def _who(event: Any) -> int | None:
    who: int | None = (event.pgh_context.metadata if event.pgh_context else {}).get("user")
    return who


def _named(numbers: set[int]) -> dict[int | None, str]:
    return {one.pk: str(one) for one in User.objects.filter(pk__in=numbers)}
