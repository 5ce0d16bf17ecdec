"""Where a line was before its region moved it: a pharmacy knows why it is on its page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from journal.models import Entry
from vaccines.models import SupplyLine


@dataclass(frozen=True, slots=True)
class Moved:
    """The last move; ``pharmacy`` is named when it changed too."""

    at: datetime
    who: str
    recipient: str
    pharmacy: str

    @property
    def text(self) -> str:
        """« depuis EHPAD La Roseraie (PUI voisine) »."""
        pharmacy = f"({self.pharmacy})" if self.pharmacy else ""
        return " ".join(filter(None, ("depuis", self.recipient or "la pharmacie", pharmacy)))


def moves_of(lines: Collection[SupplyLine]) -> dict[int, Moved]:
    """By line, in one statement; nothing for those that stayed where they were created."""
    moves = Entry.objects.filter(
        verb="vaccines.line_moved", details__line__in=[one.pk for one in lines]
    )
    return {
        one.details["line"]: _moved(one) for one in moves.select_related("by").order_by("at", "pk")
    }


def _moved(entry: Entry) -> Moved:
    before, after = entry.details["before"], entry.details["after"]
    changed = {name: text for name, text in before.items() if text != after.get(name)}
    who = entry.profile or str(entry.by)
    return Moved(entry.at, who, changed.get("recipient", ""), changed.get("pharmacy", ""))
