"""Read a file of capacities and compare it with what is known; nothing is written yet."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from accounts.models import User
from common.tabular import ErrorReport, read_table
from orders.capacities.columns import LIMITS, NUMBERS, READ
from orders.capacities.lines import LineReader, TypedNumber
from orders.models import Capacity, CapacityImport

State = CapacityImport.State
MOST_SHOWN = 200
TOGETHER = 10_000
BIG_SHARE, BIG_GAP = 2, 10  # half of it or more, and ten at least
UNUSUAL = 5_000  # no single site has so many
Progress = Callable[[int], None]
Known = dict[tuple[int, str], Capacity]


@dataclass(frozen=True, slots=True)
class Change:
    """A number that the file would write."""

    typed: TypedNumber
    before: Capacity | None

    @property
    def is_same_number(self) -> bool:
        return self.before is not None and self.before.quantity == self.typed.quantity

    @property
    def doubt(self) -> str:
        after = self.typed.quantity
        if after > UNUSUAL:
            return "très grand nombre"
        if self.before is None:
            return ""
        gap = abs(after - self.before.quantity)
        if gap >= BIG_GAP and gap * BIG_SHARE >= self.before.quantity:
            return "grand écart"
        return ""

    @property
    def kept(self) -> list[Any]:
        """As it waits for the confirmation: what to write, and what it replaces."""
        one, was = self.typed, self.before
        seen = [was.quantity, was.as_of.isoformat()] if was else [None, None]
        return [one.site, one.basis, one.quantity, one.as_of.isoformat(), *seen]

    @property
    def shown(self) -> dict[str, Any]:
        one, was = self.typed, self.before
        return {
            "line": one.line,
            "name": one.name,
            "finess": one.finess,
            "heading": NUMBERS[one.basis].header,
            "before": was.quantity if was else None,
            "before_on": f"{was.as_of:%d/%m/%Y}" if was else "",
            "after": one.quantity,
            "after_on": f"{one.as_of:%d/%m/%Y}",
            "doubt": self.doubt,
        }


@dataclass(slots=True)
class Preview:
    errors: ErrorReport
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    unknown: int = 0
    unknown_columns: tuple[str, ...] = ()
    digest: str = ""

    @property
    def report(self) -> dict[str, Any]:
        """JSON values only; of the changes as many as a page shows, those to check first."""
        doubts = [one for one in self.changes if one.doubt]
        shown = self.changes
        if len(shown) > MOST_SHOWN:
            shown = sorted(shown, key=lambda one: not one.doubt)[:MOST_SHOWN]
        return {
            "count": len(self.changes),
            "places": len({one.typed.site for one in self.changes}),
            "new": sum(one.before is None for one in self.changes),
            "confirmed": sum(one.is_same_number for one in self.changes),
            "doubts": len(doubts),
            "same": self.same,
            "unknown": self.unknown,
            "unknown_columns": list(self.unknown_columns),
            "changes": [one.shown for one in shown],
            "errors": [list(row) for row in self.errors.rows()],
            "lines": len(self.errors.lines),
            "is_cut": self.errors.is_cut,
        }

    @property
    def fields(self) -> dict[str, Any]:
        """What the row of the file becomes: only what is right in it waits for a confirmation."""
        state = State.READY if self.changes else State.UNCHANGED
        if len(self.errors) and not self.changes:
            state = State.REFUSED
        changes = [one.kept for one in self.changes]
        return {"state": state, "report": self.report, "changes": changes}


def silent(count: int) -> None:
    """Tell nobody: a file read at once."""


def read_file(*, by: User, file: IO[bytes], filename: str, progress: Progress = silent) -> Preview:
    """Raise ``TabularError`` when it is no readable table."""
    table = read_table(file, columns=READ, filename=filename, limits=LIMITS)
    progress(len(table))
    reader = LineReader(by, table.rows)
    typed = list(reader.read())
    progress(len(table))
    preview = Preview(reader.errors, unknown_columns=table.unknown_columns, digest=table.digest)
    _compare(preview, typed, known_of(one.site for one in typed))
    preview.unknown = len(set(reader.unknown))
    return preview


def known_of(sites: Iterable[int]) -> Known:
    numbers, found = sorted(set(sites)), {}
    for start in range(0, len(numbers), TOGETHER):
        part = numbers[start : start + TOGETHER]
        for row in Capacity.objects.filter(establishment__in=part):
            found[row.establishment_id, row.basis] = row
    return found


def _compare(preview: Preview, typed: list[TypedNumber], known: Known) -> None:
    """An older number never replaces a more recent one; the same one, older, says nothing new."""
    for one in typed:
        was = known.get((one.site, one.basis))
        if was and was.quantity == one.quantity and one.as_of <= was.as_of:
            preview.same += 1
        elif was and one.as_of < was.as_of:
            reason = f"un nombre plus récent est connu, {was.quantity} au {was.as_of:%d/%m/%Y}"
            header = NUMBERS[one.basis].header
            preview.errors.add(one.line, header, one.quantity, reason, "une date plus récente")
        else:
            preview.changes.append(Change(one, was))
