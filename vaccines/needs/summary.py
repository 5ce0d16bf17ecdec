"""« 2 saisies à faire : un besoin avant le 03/02 (EHPAD…), une réception (USLD…) »."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from vaccines.models import SupplyLine
from vaccines.needs.filters import in_state, needs_to_type, receptions_to_type
from vaccines.needs.texts import NO_BREAK, moment, short_day
from vaccines.states import State

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """What is left to type in all one's pharmacies, whatever the filters."""

    needs: Sequence[SupplyLine]
    receptions: Sequence[SupplyLine]
    late: Sequence[SupplyLine]

    @property
    def count(self) -> int:
        return len(self.needs) + len(self.receptions)

    @property
    def count_text(self) -> str:
        if not self.count:
            return "Rien à saisir"
        return f"{self.count} saisie{'s' if self.count > 1 else ''} à faire"

    @property
    def awaited_text(self) -> str:
        """For those who read without writing."""
        if not self.count:
            return "Rien n’est attendu de la PUI"
        plural = "s" if self.count > 1 else ""
        return f"{self.count} saisie{plural} attendue{plural} de la PUI"

    @property
    def text(self) -> str:
        parts = [self.needs_text, self.receptions_text]
        return ", ".join(filter(None, parts))

    @property
    def needs_text(self) -> str:
        if not self.needs:
            return ""
        day = short_day(self.needs[0].wave.needs_due_at.date())
        return f"{counted(len(self.needs), 'un besoin', 'besoins')} avant le {day} " + named(
            self.needs
        )

    @property
    def receptions_text(self) -> str:
        if not self.receptions:
            return ""
        return f"{counted(len(self.receptions), 'une réception', 'réceptions')} " + named(
            self.receptions
        )

    @property
    def late_text(self) -> str:
        """Past the deadline, nothing can be typed any more: somebody has to be called."""
        if not self.late:
            return ""
        said = counted(len(self.late), "Un besoin n’a", "besoins n’ont")
        return f"{said} pas été saisi{'s' if len(self.late) > 1 else ''} à temps {named(self.late)}"

    @property
    def due_text(self) -> str:
        return f"Avant le {moment(self.needs[0].wave.needs_due_at)}" if self.needs else ""


def counted(number: int, one: str, several: str) -> str:
    return one if number == 1 else f"{number}{NO_BREAK}{several}"


def named(lines: Sequence[SupplyLine]) -> str:
    """« (EHPAD La Roseraie, USLD Bel-Air et 2 autres) »."""
    names = list(dict.fromkeys(one.recipient.name for one in lines))
    others = len(names) - MOST_NAMED
    if others <= 0:
        return f"({', '.join(names)})"
    return (
        f"({', '.join(names[:MOST_NAMED])} et {others}{NO_BREAK}autre{'s' if others > 1 else ''})"
    )


def summary_of(lines: QuerySet[SupplyLine], now: datetime) -> Summary:
    rows = lines.select_related("wave", "recipient").order_by("wave__needs_due_at", "pk")
    return Summary(
        list(rows.filter(needs_to_type(now))),
        list(rows.filter(receptions_to_type(now))),
        list(rows.filter(in_state(State.NEED_LATE, now))),
    )
