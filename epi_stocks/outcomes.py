"""What is told of each cell after a save: the same words on the page and to its script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from common.cover import Level
from common.numbers import format_decimal, format_integer
from epi_stocks.calendar import hour_text
from epi_stocks.forms import TypedCell, shown
from epi_stocks.grid import Cell, Grid, GridRow
from epi_stocks.services.saving import CellResult, RowResult, SaveResult

SHORT = {"stock": "stock", "daily": "consommation", "supply": "approvisionnement"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind`` names the icon and colour of the house; ``choice`` what may be chosen."""

    kind: str  # "ok", "attention" or "erreur"
    sentence: str
    choice: str = ""  # "conflict" or "doubt"
    value: str = ""  # what is saved now
    text_typed: str = ""
    is_unsaved: bool = False  # the box keeps what was typed, which is not what is saved

    @property
    def is_invalid(self) -> bool:
        return self.kind == "erreur"

    @property
    def marks_cell(self) -> bool:
        return self.kind in ("attention", "erreur")

    def buttons(self, name: str) -> list[tuple[str, str, str]]:
        """Name, value and label of the buttons that settle it, also without script."""
        if self.choice == "conflict":
            mine, theirs = (text or "la case vide" for text in (self.text_typed, self.value))
            return [
                ("choix", f"{name}={self.value}", f"Garder {theirs}"),
                ("choix", f"{name}={self.text_typed}", f"Mettre {mine}"),
            ]
        return [("exact", name, "C’est exact")] if self.choice == "doubt" else []


def cover_text(days: Decimal | None) -> str:
    """Write « 22 j », « 6,9 j »: tenths only where they separate two levels."""
    if days is None:
        return ""
    return f"{format_decimal(days if days < 10 else int(days))} j"


def cover_figures(days: Decimal | None, level: Level, note: str = "") -> dict[str, str]:
    return {
        "days": cover_text(days),
        "level": level.css_class.removeprefix("app-classe--"),
        "word": level.label,
        "note": note,
    }


def doubt_outcome(cell: Cell) -> Outcome | None:
    """What stands under a cell when the page opens: nothing, or a doubt still to settle."""
    if not cell.doubt or cell.is_confirmed:
        return None
    return Outcome("attention", doubt_sentence(cell.doubt), "doubt", shown(cell.value))


def doubt_sentence(doubt: str) -> str:
    return f"Enregistré, à vérifier : {doubt}"


def refused(cell: TypedCell) -> Outcome:
    return Outcome(
        "erreur", cell.error, value=shown(cell.seen), text_typed=cell.text, is_unsaved=True
    )


def outcome_of(result: CellResult, typed: TypedCell, saved_at: datetime | None) -> Outcome:
    """Put the verdict on one cell in words."""
    value = shown(result.value)
    if result.verdict == "conflict":
        return Outcome(
            "attention",
            conflict_sentence(result, typed),
            "conflict",
            value,
            shown(typed.value),
            True,
        )
    if not result.is_saved:
        return Outcome(
            "erreur", result.sentence, value=value, text_typed=typed.text, is_unsaved=True
        )
    if result.doubt:
        return Outcome("attention", doubt_sentence(result.doubt), "doubt", value)
    when = f" à {hour_text(saved_at)}" if saved_at else ""
    return Outcome("ok", f"Enregistré{when}", value=value)


def conflict_sentence(result: CellResult, typed: TypedCell) -> str:
    """Both values, who and when, and which one counts meanwhile."""
    who = result.other_by or "Une autre personne"
    when = f" à {hour_text(result.other_at)}" if result.other_at else ""
    theirs, mine = _named(result.value), _named(typed.value)
    return f"{who} a saisi {theirs}{when}, vous {mine}. Valeur gardée : {theirs}."


def _named(value: int | None) -> str:
    return shown(value) or "une case vide"


def outcomes_of(result: SaveResult | None, typed: Sequence[TypedCell]) -> dict[str, Outcome]:
    """Tell what became of each cell sent: saved, in conflict, refused."""
    found = {cell.name: refused(cell) for cell in typed if cell.error}
    if result:
        sent = {cell.name: cell for cell in typed}
        for one in result.cells:
            name = f"{one.item_id}-{one.measure}"
            found[name] = outcome_of(one, sent[name], result.saved_at)
    return found


def as_json(outcomes: dict[str, Outcome], result: SaveResult | None) -> dict:
    """Write the answer that the script of the page reads."""
    cells = {
        name: {"kind": one.kind, "text": one.sentence, "value": one.value, "choice": one.choice}
        for name, one in outcomes.items()
    }
    answer: dict = {"cells": cells}
    if result:
        answer |= {
            "time": hour_text(result.saved_at) if result.saved_at else "",
            "total_blanked": result.total_blanked,
            "rows": {
                str(row.item_id): cover_figures(row.days, row.level, row_note(row))
                for row in result.rows
            },
            "totals": {
                f"{row.item_id}-{measure}": shown(getattr(row, measure)) or "vide"
                for row in result.rows
                if row.is_total
                for measure in ("stock", "daily", "supply")
            },
        }
    return answer


def row_note(row: RowResult) -> str:
    """Say what is missing for days of cover, or that they rest on a value to check."""
    if row.stock is None and row.daily is None and row.supply is None:
        return "rien de saisi"
    if row.level is Level.UNKNOWN:
        return "stock non renseigné" if row.stock is None else "consommation non renseignée"
    is_doubtful = row.is_doubtful("stock") or row.is_doubtful("daily")
    return "à vérifier" if is_doubtful else ""


def replaced_sentence(result: SaveResult | None, grid: Grid) -> str:
    """Say which total, on the grid as it was, left its place to the sizes just typed."""
    if not (result and result.total_blanked):
        return ""
    row = next(row for row in grid.rows if any(_is_sum_of(one, row) for one in result.rows))
    held = held_text({cell.measure: cell.value for cell in row.cells})
    return (
        f"Le total saisi avant pour «\u00a0{row.label}\u00a0»{held} est remplacé par la somme des "
        "tailles. L’historique le garde."
    )


def _is_sum_of(saved: RowResult, row: GridRow) -> bool:
    return saved.is_total and saved.item_id == row.item_id


def held_text(values: Mapping[str, int | None]) -> str:
    """« (stock 5 000, consommation 20) », after the name of a line; nothing when it is blank."""
    held = [f"{SHORT[one]} {shown(value)}" for one, value in values.items() if value is not None]
    return f" ({', '.join(held)})" if held else ""


def status_of(outcomes: dict[str, Outcome]) -> int:
    """422: something was refused; 409: somebody else typed the same cell; 200: all is saved."""
    if any(one.is_invalid for one in outcomes.values()):
        return 422
    return 409 if any(one.choice == "conflict" for one in outcomes.values()) else 200


def count_text(count: int, one: str, many: str) -> str:
    """« 1 case reprise », « 12 cases reprises »."""
    return f"{format_integer(count)} {many if count > 1 else one}"
