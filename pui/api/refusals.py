"""Why lines are refused, for a machine: its line, what stood there, what is accepted."""

from collections.abc import Sequence
from typing import Any

from pui.transfer.changes import gaps_of
from pui.transfer.shapes import Kind, Line

MOST_TOLD = 500


def told_lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Only the lines that stop the whole: the others are not told."""
    stopped = [line for line in lines if line.kind is Kind.REFUSED or line.waits]
    return [told(line) for line in stopped[:MOST_TOLD]]


def told(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = {"ligne": line.number, "ucd": line.code}
    if line.kind is Kind.REFUSED:
        remarks = [
            {
                "colonne": one.column,
                "valeur": one.value,
                "motif": one.reason,
                "accepte": one.accepted,
            }
            for one in line.remarks
        ]
        return found | {"genre": "refusée", "remarques": remarks}
    if line.kind is Kind.CHANGE:
        gap = {"echeance": line.before.due_on.isoformat()} if line.before else {}
        return found | {"genre": "gros écart", "ecarts": gaps_of(line), "derniere": gap}
    proposals = [
        {"ucd": one.code, "libelle": one.label, "motif": one.reason} for one in line.proposals
    ]
    return found | {"genre": "code non reconnu", "propositions": proposals}
