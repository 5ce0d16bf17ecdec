"""What an import changes, counted: shown before writing, kept after."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from establishments.finess.opening import Layout

CLOSING_LIMIT = 0.02  # a file that closes more of the directory is probably cut short
VERDICTS = ("created", "changed", "closed", "reopened", "unchanged", "refused")
VERDICT_LABELS = {
    "created": "créés",
    "changed": "modifiés",
    "closed": "fermés",
    "reopened": "rouverts",
    "unchanged": "inchangés",
    "refused": "refusés",
}
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class FileSummary:
    """A file that was read: its layout, the day it was made, how many places it names."""

    name: str
    layout: Layout
    made_on: date | None
    records: int

    def as_dict(self) -> dict[str, Any]:
        made_on = f"{self.made_on:%d/%m/%Y}" if self.made_on else ""
        return {
            "name": self.name,
            "layout": self.layout.value,
            "unit": self.layout.unit,
            "made_on": made_on,
            "records": self.records,
        }


@dataclass(slots=True)
class Report:
    """The counts by region code; the empty code gathers what has no region."""

    files: list[FileSummary]
    sites: dict[str, Counts] = field(default_factory=dict)
    entities: dict[str, Counts] = field(default_factory=dict)
    open_before: int = 0
    entities_open_before: int = 0
    remarks: int = 0

    def add(self, kind: str, region: str | None, verdict: str, count: int) -> None:
        regions = self.sites if kind == "site" else self.entities
        counts = regions.setdefault(region or "", dict.fromkeys(VERDICTS, 0))
        counts[verdict] += count

    @property
    def site_totals(self) -> Counts:
        return _totals(self.sites)

    @property
    def entity_totals(self) -> Counts:
        return _totals(self.entities)

    @property
    def closes_too_much(self) -> bool:
        """Whether the file would close more than 2 % of the sites, or of the entities."""
        return (
            self.site_totals["closed"] > CLOSING_LIMIT * self.open_before
            or self.entity_totals["closed"] > CLOSING_LIMIT * self.entities_open_before
        )

    @property
    def changes_nothing(self) -> bool:
        totals = (self.site_totals, self.entity_totals)
        written = ("created", "changed", "closed", "reopened")
        return not any(counts[verdict] for counts in totals for verdict in written)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {
            "files": [file.as_dict() for file in self.files],
            "site_totals": self.site_totals,
            "entity_totals": self.entity_totals,
            "closes_too_much": self.closes_too_much,
            "changes_nothing": self.changes_nothing,
        }


def _totals(regions: dict[str, Counts]) -> Counts:
    return {verdict: sum(counts[verdict] for counts in regions.values()) for verdict in VERDICTS}
