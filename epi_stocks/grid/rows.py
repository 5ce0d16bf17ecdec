"""The rows of a grid: cells, totals of sizes, days of cover, and what is to check."""

from typing import Any

from common.cover import DEFAULT_THRESHOLDS, Level, Thresholds, days_of_cover, level
from epi_stocks.anomalies import doubt_sentence, is_confirmed, is_doubtful
from epi_stocks.grid.shapes import Cell, GridRow, Proposal
from epi_stocks.models import InventoryLine
from epi_stocks.models.inventory import MEASURES

LABELS = {one: str(InventoryLine._meta.get_field(one).verbose_name) for one in MEASURES}


Line = dict[str, Any]  # what one item holds: a value a measure


class Rows:
    """The rows of a grid, from what the statement returned."""

    def __init__(self, data: dict[str, Any], sizes: tuple[str, ...], *, is_read_only: bool):
        self.items = data["items"]
        self.lines = by_item(data["lines"])
        self.earlier = by_item(data["last_lines"])
        self.filled = filled_items(self.lines)
        self.filled_before = filled_items(self.earlier)
        self.reasons = data["reasons"]
        self.proposals = proposals_of(data["supplies"])
        self.is_read_only = is_read_only
        self.sizes = [item for item in self.items if item["parent"]]
        self.used = {item["parent"] for item in self.sizes if item["id"] in self.filled}
        self.open_kinds = self._open_kinds(sizes)
        self.countable = self._countable()
        self.built = self._build()
        self.cells = [cell for row in self.built for cell in row.cells]

    def _open_kinds(self, sizes: tuple[str, ...]) -> set[str]:
        """Asked for, filled this week, or filled last week while the total is still blank."""
        return set(sizes) | {
            item["kind"]
            for item in self.sizes
            if item["id"] in self.filled
            or (item["id"] in self.filled_before and item["parent"] not in self.filled)
        }

    def _countable(self) -> int:
        """Cells to fill: the sizes of the kinds in use, else the total; never both.

        ``used``: totals whose sizes hold a value this week, which are computed.
        """
        kinds = {one["kind"] for one in self.sizes if one["id"] in self.filled}
        counted = [
            one
            for one in self.items
            if (one["kind"] in kinds if one["parent"] else one["id"] not in self.used)
        ]
        return len(counted) * len(MEASURES)

    def _build(self) -> list[GridRow]:
        shown = [one for one in self.items if not one["parent"] or one["kind"] in self.open_kinds]
        return [self.row(item) for item in shown]

    def row(self, item: dict[str, Any]) -> GridRow:
        is_total = item["id"] in self.used
        values = self.total_of(item["id"], self.lines) if is_total else self.line_of(item["id"])
        before = self.earlier.get(item["id"], {})
        if item["id"] not in self.filled_before:
            before = self.total_of(item["id"], self.earlier)
        cells = [self.cell(item, one, values, before, is_total=is_total) for one in MEASURES]
        stock, daily, _supply = (cell.value for cell in cells)
        days = item["thresholds"]
        thresholds = Thresholds(*days) if days[0] is not None else DEFAULT_THRESHOLDS
        found = level(stock, daily, thresholds)
        return GridRow(
            item_id=item["id"],
            code=item["code"],
            label=item["label"],
            parent_id=item["parent"],
            size_kind=item["kind"],
            cells=cells,
            days=days_of_cover(stock, daily),
            level=found,
            thresholds=thresholds,
            is_total=is_total,
            note=self.note(item, cells, found, is_total=is_total),
        )

    def line_of(self, item_id: int) -> Line:
        return self.lines.get(item_id, {})

    def total_of(self, item_id: int, lines: dict[int, Line]) -> Line:
        """Column by column; blank sizes ignored, all blank stays blank (as in the view)."""
        sizes = [one["id"] for one in self.sizes if one["parent"] == item_id]
        found = [lines[one] for one in sizes if one in lines]
        total: Line = {}
        for measure in MEASURES:
            values = [line[measure] for line in found if line[measure] is not None]
            total[measure] = sum(values) if values else None
        return total

    def cell(
        self,
        item: dict[str, Any],
        measure: str,
        values: Line,
        before: Line,
        *,
        is_total: bool,
    ) -> Cell:
        doubts = values.get("doubts") or 0
        return Cell(
            item_id=item["id"],
            measure=measure,
            label=LABELS[measure],
            value=values.get(measure),
            previous=before.get(measure),
            doubt=self.doubt(item["id"], measure, doubts) if doubts else "",
            is_confirmed=is_confirmed(doubts, measure),
            is_read_only=is_total or self.is_read_only,
            proposal=self.proposals.get(item["id"]) if measure == "supply" else None,
        )

    def doubt(self, item_id: int, measure: str, doubts: int) -> str:
        """Why a value is to check, or was before somebody said it was exact."""
        if not (is_doubtful(doubts, measure) or is_confirmed(doubts, measure)):
            return ""
        code, last = self.reasons.get(f"{item_id}-{measure}", (0, None))
        return doubt_sentence(code, last) or "valeur inhabituelle"

    def note(self, item: dict[str, Any], cells: list[Cell], found: Level, *, is_total: bool) -> str:
        stock, _daily, _supply = (cell.value for cell in cells)
        if is_total:
            return self.doubtful_sizes(item)
        if all(cell.value is None for cell in cells):
            return "rien de saisi"
        if found is not Level.UNKNOWN:
            return ""
        return "stock non renseigné" if stock is None else "consommation non renseignée"

    def doubtful_sizes(self, item: dict[str, Any]) -> str:
        names = [
            one["label"].rpartition(" ")[2]
            for one in self.items
            if one["parent"] == item["id"] and (self.line_of(one["id"]).get("doubts") or 0) & 7
        ]
        if not names:
            return ""
        word = "taille" if len(names) == 1 else "tailles"
        return f"à vérifier : {word} {', '.join(names)}"


def by_item(lines: dict[str, Line]) -> dict[int, Line]:
    """As the statement gives them, by number: a key of JSON is a text."""
    return {int(item): line for item, line in lines.items()}


def filled_items(lines: dict[int, Line]) -> set[int]:
    return {
        item
        for item, line in lines.items()
        if any(line[measure] is not None for measure in MEASURES)
    }


def proposals_of(supplies: list[list[Any]]) -> dict[int, Proposal]:
    """By item, from lines of (item, source, quantity, whether it came)."""
    told: dict[int, list[list[Any]]] = {}
    for line in supplies:
        told.setdefault(line[0], []).append(line)
    return {
        item: Proposal(
            expected=sum(quantity for _, _, quantity, came in lines if not came),
            received=sum(quantity for _, _, quantity, came in lines if came),
            sources=tuple(dict.fromkeys(source for _, source, _, _ in lines)),
        )
        for item, lines in told.items()
    }
