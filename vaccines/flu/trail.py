"""What was typed of a season for a pharmacy: who, when, from → to, as the database kept it.

The states written in one transaction bear its moment: they are one act.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from accounts.models import User
from common.numbers import format_integer
from pui.history import Change, Value, events_of, text_of
from vaccines.models import DeliveredDoses, FluNeed, FluRequest, TargetGroup

DELIVERED = "Quantité cumulée commandée livrée"


@dataclass
class _Act:
    """One sending: the state of the request, and those of the needs written with it."""

    request: Any = None
    needs: list[Any] = field(default_factory=list)


def request_changes(row: FluRequest) -> list[Change]:
    """Each sending of a request, the last first."""
    states = [(one.pgh_created_at, one) for one in events_of(FluRequest, pgh_obj=row.pk)]
    needs = [(one.pgh_created_at, one) for one in events_of(FluNeed, request=row.pk)]
    acts: dict[datetime, _Act] = {at: _Act(one) for at, one in states}
    for at, one in needs:
        acts.setdefault(at, _Act()).needs.append(one)
    labels = dict(TargetGroup.objects.values_list("pk", "label"))
    people = _people(act.request.sent_by_id for act in acts.values() if act.request)
    return list(reversed(list(_described(acts, labels, people))))


def _described(
    acts: dict[datetime, _Act], labels: dict[int, str], people: dict[int, str]
) -> Iterator[Change]:
    doses: dict[int, int] = {}
    comment, who = "", ""
    for at in sorted(acts):
        act, told = acts[at], []
        for one in sorted(act.needs, key=lambda one: one.pgh_id):
            after = None if one.pgh_label == "delete" else one.doses
            told.append(
                Value(labels[one.group_id], doses_text(doses.get(one.group_id)), doses_text(after))
            )
            doses.pop(one.group_id, None)
            if after is not None:
                doses[one.group_id] = after
        what = "Demande modifiée" if who else "Demande transmise"
        if act.request:
            who = people.get(act.request.sent_by_id, "")
            if act.request.comment != comment:
                told.append(Value("commentaire", text_of(comment), text_of(act.request.comment)))
                comment = act.request.comment
        yield Change(at, who, f"{what}, total {format_integer(sum(doses.values()))} doses", told)


def delivered_changes(row: DeliveredDoses) -> list[Change]:
    """Each number told, the last first; a correction says why."""
    states = list(events_of(DeliveredDoses, pgh_obj=row.pk))
    people = _people(one.told_by_id for one in states)
    found, before = [], None
    for _, same in groupby(states, key=lambda one: one.pgh_created_at):
        one = list(same)[-1]
        reason = f"\u00a0: correction, {one.correction_reason}" if one.correction_reason else ""
        value = Value("doses", doses_text(before), doses_text(one.doses))
        who = people.get(one.told_by_id, "")
        found.append(Change(one.pgh_created_at, who, f"{DELIVERED}{reason}", [value]))
        before = one.doses
    return list(reversed(found))


def doses_text(doses: int | None) -> str:
    return text_of(None if doses is None else format_integer(doses))


def _people(numbers: Any) -> dict[int, str]:
    return {one.pk: str(one) for one in User.objects.filter(pk__in=set(numbers))}
