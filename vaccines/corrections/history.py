"""Everything that happened to a line, by whom and why: the states that the database keeps."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Model

from accounts.models import User
from establishments.models import Establishment
from pui.history import NOTHING, SYSTEM, Change, Value, events_of, text_of
from pui.models import Pui
from vaccines.models import Reception, SupplyLine

LEFT_OUT: Final = frozenset(  # who and when are told by the history itself
    {"id", "need_at", "need_by_id", "planned_at", "planned_by_id", "removed_by_id"}
    | {"vaccinated_at", "vaccinated_by_id"}
)
NAMED: Final[dict[str, type[Model]]] = {
    "recipient_id": Establishment,
    "pui_id": Pui,
    "pivot_id": Pui,
    "recalled_id": SupplyLine,
}
AUTHORS: Final = {  # whom the line itself names, when nothing else says who
    "Besoin saisi": "need_by_id",
    "Livraison prévue": "planned_by_id",
    "Expédition": "planned_by_id",
    "Personnes vaccinées": "vaccinated_by_id",
    "Ligne supprimée": "removed_by_id",
}
Found = tuple[datetime, Any, str, list[Value], str]


def last_change_of(line: SupplyLine) -> Change | None:
    found = changes_of(line)
    return found[0] if found else None


def changes_of(line: SupplyLine) -> list[Change]:
    """The last first; in as many statements whatever their number."""
    states = list(events_of(SupplyLine, pgh_obj=line.pk))
    receptions = list(events_of(Reception, line=line.pk))
    names = _names(states)
    found = [*_described(states, names), *_received(receptions)]
    people = {one.pk: str(one) for one in User.objects.filter(pk__in=_people(found))}
    changes = [
        Change(at, people.get(who, SYSTEM), f"{what}{_because(why)}", told)
        for at, who, what, told, why in found
    ]
    return sorted(reversed(changes), key=lambda one: one.at, reverse=True)


def _people(found: list[Found]) -> set[int]:
    return {who for _, who, _, _, _ in found if isinstance(who, int)}


def _because(why: str) -> str:
    return f"\u00a0: {why}" if why else ""


def _names(states: list[Any]) -> dict[str, dict[int, str]]:
    """What the numbers of places stand for, by field."""
    found: dict[str, dict[int, str]] = {}
    for name, model in NAMED.items():
        numbers = {getattr(one, name) for one in states} - {None}
        rows: Any = model._default_manager.filter(pk__in=numbers)
        if model is SupplyLine:
            rows = rows.select_related("wave", "recipient")
        found[name] = {one.pk: str(one) for one in rows}
    return found


def _described(states: list[Any], names: dict[str, dict[int, str]]) -> Iterator[Found]:
    before = None
    for state in states:
        told = _differences(before, state, names) if before else []
        if before is None or told:
            yield state.pgh_created_at, *_context(state, before, told)
        before = state


def _context(state: Any, before: Any, told: list[Value]) -> tuple[object, str, list[Value], str]:
    known = state.pgh_context.metadata if state.pgh_context else {}
    what = what_of(before, state)
    who = known.get("user") or getattr(state, AUTHORS.get(what, ""), None)
    return who, what, told, str(known.get("reason", ""))


KINDS: Final = {  # the first that differs names what was done
    "Besoin saisi": ("first_doses", "second_doses", "comment"),
    "Livraison prévue": ("expected_on", "planned_doses"),
    "Expédition": ("shipped_on", "shipped_doses"),
    "Personnes vaccinées": ("vaccinated",),
    "Écart de la réception": ("gap_reason",),
    "Rappel rattaché à une autre livraison": ("recalled_id",),
}


def what_of(before: Any, after: Any) -> str:
    if before is None:
        return "Ligne créée"
    if bool(before.removed_at) != bool(after.removed_at):
        return "Ligne supprimée" if after.removed_at else "Ligne remise"
    if (before.recipient_id, before.pui_id) != (after.recipient_id, after.pui_id):
        return "Ligne déplacée"
    if bool(before.received_whole_at) != bool(after.received_whole_at):
        return "Réception terminée" if after.received_whole_at else "Réception rouverte"
    differing = (
        what
        for what, fields in KINDS.items()
        if any(getattr(before, one) != getattr(after, one) for one in fields)
    )
    return next(differing, "Modification")


def _differences(before: Any, after: Any, names: dict[str, dict[int, str]]) -> list[Value]:
    told = []
    for one in SupplyLine._meta.concrete_fields:
        if one.attname in LEFT_OUT:
            continue
        old, new = getattr(before, one.attname), getattr(after, one.attname)
        if old != new:
            texts = [_text(one, value, names) for value in (old, new)]
            told.append(Value(str(one.verbose_name), *texts))
    return told


def _text(field: Any, value: Any, names: dict[str, dict[int, str]]) -> str:
    if field.attname in names and value is not None:
        return names[field.attname].get(value, NOTHING)
    if field.choices:
        return str(dict(field.flatchoices).get(value, NOTHING))
    return text_of(value)


def _received(events: list[Any]) -> Iterator[Found]:
    for event in events:
        known = event.pgh_context.metadata if event.pgh_context else {}
        lot = f", lot {event.lot}" if event.lot else ""
        what = {"insert": "Réception saisie", "delete": "Réception retirée"}.get(
            event.pgh_label, "Réception corrigée"
        )
        said = f"{what}\u00a0: {event.doses}\u00a0doses le {event.received_on:%d/%m/%Y}{lot}"
        who = known.get("user") or event.told_by_id
        yield event.pgh_created_at, who, said, [], str(known.get("reason", ""))
