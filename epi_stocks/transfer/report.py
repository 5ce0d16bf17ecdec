"""What the page tells of a file that was read: kept as it is while the person decides."""

from typing import Any

from epi_stocks.models.inventory import MEASURES
from epi_stocks.outcomes import held_text
from epi_stocks.transfer.preview import ImportPreview, PreviewCell, ReplacedTotal

MOST_SHOWN = 200
SHOWN = (
    "line",
    "establishment",
    "finess",
    "item",
    "heading",
    "before",
    "after",
    "doubt",
)


def report_of(preview: ImportPreview) -> dict[str, Any]:
    """JSON values only. Every refused cell is there; of the others, as many as a page shows."""
    return {
        "cells": len(preview.changes),
        "establishments": preview.establishments,
        "doubts": len(preview.doubts),
        "unchanged": preview.unchanged,
        "blank": preview.blank,
        "unknown_columns": list(preview.unknown_columns),
        "changes": [
            {name: getattr(cell, name) for name in SHOWN} for cell in shown_first(preview.changes)
        ],
        "replaced": [replaced_sentence(one) for one in preview.replaced[:MOST_SHOWN]],
        "errors": [list(row) for row in preview.errors.rows()],
        "is_cut": preview.errors.is_cut,
    }


def shown_first(changes: list[PreviewCell]) -> list[PreviewCell]:
    """In the order of the file; when there are too many, those to check come before the others."""
    if len(changes) > MOST_SHOWN:
        changes = sorted(changes, key=lambda cell: not cell.doubt)
    return changes[:MOST_SHOWN]


def replaced_sentence(total: ReplacedTotal) -> str:
    """Say which total typed on screen the sizes of the file will take the place of."""
    held = held_text({one: getattr(total.held, one) for one in MEASURES})
    return (
        f"{total.establishment}\u00a0: le total saisi pour «\u00a0{total.item}\u00a0»{held} sera "
        "remplacé par la somme des tailles."
    )
