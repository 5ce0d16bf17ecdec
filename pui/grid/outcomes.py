"""What is told of each cell after a save: the same words on the page and to its script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.weeks import PARIS
from pui.grid.shapes import NO_BREAK, shown
from pui.grid.typing import TypedCell
from pui.services.draft import CellResult, SaveResult

GONE = "Ce produit n’est plus suivi à cette échéance\u00a0: rien n’est enregistré."
ICONS = {
    "ok": "fr-icon-checkbox-circle-line",
    "attention": "fr-icon-warning-line",
    "erreur": "fr-icon-error-line",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind`` names the icon and colour of the house; ``choice`` what may be chosen."""

    kind: str  # "ok", "attention" or "erreur"
    sentence: str
    choice: str = ""  # "conflict"
    value: str = ""  # what is saved now
    text_typed: str = ""
    is_unsaved: bool = False  # the box keeps what was typed, which is not what is saved

    @property
    def is_invalid(self) -> bool:
        return self.kind == "erreur"

    @property
    def marks_cell(self) -> bool:
        return self.kind in ICONS and self.kind != "ok"

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """The value and the label of the buttons that settle a conflict, also without script."""
        if self.choice != "conflict":
            return []
        mine, theirs = (text or "la case vide" for text in (self.text_typed, self.value))
        return [(self.value, f"Garder {theirs}"), (self.text_typed, f"Mettre {mine}")]


def outcomes_of(result: SaveResult | None, typed: Sequence[TypedCell]) -> dict[str, Outcome]:
    """Tell what became of each cell sent: saved, in conflict, refused."""
    found = {cell.name: refused(cell) for cell in typed if cell.error}
    if result:
        sent = {cell.key: cell for cell in typed}
        for one in result.cells:
            found[one.key.name] = outcome_of(one, sent[one.key], result.saved_at)
    return found


def refused(cell: TypedCell) -> Outcome:
    return Outcome(
        "erreur", cell.error, value=shown(cell.seen), text_typed=cell.text, is_unsaved=True
    )


def outcome_of(result: CellResult, typed: TypedCell, saved_at: datetime) -> Outcome:
    value, mine = shown(result.value), shown(typed.value)
    if result.verdict == "conflict":
        sentence = conflict_sentence(result, typed)
        return Outcome("attention", sentence, "conflict", value, mine, is_unsaved=True)
    if result.verdict == "gone":
        return Outcome("erreur", GONE, text_typed=typed.text, is_unsaved=True)
    return Outcome("ok", f"Enregistré à {hour_text(saved_at)}", value=value)


def conflict_sentence(result: CellResult, typed: TypedCell) -> str:
    """Both values, who and when, and which one counts meanwhile."""
    who = result.other_by or "Une autre personne"
    when = f" à {hour_text(result.other_at)}" if result.other_at else ""
    theirs, mine = (shown(one) or "une case vide" for one in (result.value, typed.value))
    return f"{who} a saisi {theirs}{when}, vous {mine}. Valeur gardée\u00a0: {theirs}."


def hour_text(at: datetime) -> str:
    """« 9 h 41 », in Paris."""
    local = at.astimezone(PARIS)
    return f"{local.hour}{NO_BREAK}h{NO_BREAK}{local:%M}"


def status_of(outcomes: Mapping[str, Outcome]) -> int:
    """422: something was refused; 409: somebody else typed the same cell; 200: all is saved."""
    if any(one.is_invalid for one in outcomes.values()):
        return 422
    return 409 if any(one.choice == "conflict" for one in outcomes.values()) else 200


def as_json(outcomes: Mapping[str, Outcome], result: SaveResult | None) -> dict[str, Any]:
    """Write the answer that the script of the page reads."""
    cells = {
        name: {"kind": one.kind, "text": one.sentence, "value": one.value, "choice": one.choice}
        for name, one in outcomes.items()
    }
    if result is None:
        return {"cells": cells}
    rows = {str(product): figures.as_json() for product, figures in result.figures.items()}
    return {"cells": cells, "time": hour_text(result.saved_at), "rows": rows}
