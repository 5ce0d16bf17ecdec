"""The lines of the weekly grid, drawn in Python: sixty includes a page would cost ten times more.

Every text that comes from data is escaped here, once; numbers and names of cells need no escaping.
"""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from epi_stocks.forms import shown
from epi_stocks.grid import Cell, Grid, GridRow
from epi_stocks.outcomes import Outcome, cover_figures, doubt_outcome

register = template.Library()

ICONS = {
    "ok": "fr-icon-checkbox-circle-line",
    "attente": "fr-icon-refresh-line",
    "attention": "fr-icon-warning-line",
    "erreur": "fr-icon-error-line",
}
TOTAL = '<span class="app-sous">total des tailles, calculé</span>'


@register.filter
def typed(value: int | None) -> str:
    """Write a value as in a cell: blank stays blank."""
    return shown(value)


@register.simple_tag
def grid_line(grid: Grid, row: GridRow, outcomes: dict[str, Outcome], to_total: str) -> SafeString:
    """Draw one item: its cells, to type in or to read, and its days of cover."""
    label = escape(row.label)
    is_begun = any(cell.value is not None for cell in row.cells)
    day = f"{grid.last_week:%d/%m}" if grid.last_week else ""
    cells = "".join(
        read_cell(row, cell, day)
        if cell.is_read_only or not grid.may_write
        else typed_cell(
            label, cell, outcomes.get(cell.name) or doubt_outcome(cell), day, is_begun=is_begun
        )
        for cell in row.cells
    )
    size = f' class="app-taille" data-kind="{row.size_kind}"' if row.parent_id else ""
    return SafeString(
        f'<tr role="row"{size}>'
        f'<th role="rowheader" scope="row" data-item="{label}">{heading(grid, row, to_total)}</th>'
        f'{cells}<td role="cell" class="app-couverture" data-label="Jours de couverture"'
        f' data-cover="{row.item_id}">{cover(row)}</td></tr>\n'
    )


def heading(grid: Grid, row: GridRow, to_total: str) -> str:
    if row.parent_id:
        return escape(row.label)
    text = f"<strong>{escape(row.label)}</strong>"
    if not row.is_total:
        return text
    if not grid.may_write:
        return text + TOTAL
    address = escape(to_total.replace("/0/", f"/{row.item_id}/"))
    return (
        f'{text}{TOTAL}<a class="fr-link fr-link--sm" href="{address}">Revenir à un seul total</a>'
    )


def typed_cell(label: str, cell: Cell, outcome: Outcome | None, day: str, *, is_begun: bool) -> str:
    """A box to type in; ``label`` is already escaped."""
    note = still_blank(cell, day) if is_begun and cell.is_missing else ""
    name, value = cell.name, shown(cell.value)
    mark = f" app-cellule--{outcome.kind}" if outcome and outcome.marks_cell else ""
    text = escape(outcome.text_typed) if outcome and outcome.is_unsaved else value
    return (
        f'<td role="cell" class="app-saisie{mark}">'
        f'<label class="fr-label app-label-cellule" for="{name}">'
        f'<span class="fr-sr-only">{label} : </span>{escape(cell.label)}</label>'
        f'<div class="app-saisie__ligne"><input class="fr-input" id="{name}" name="{name}"'
        f' inputmode="numeric" autocomplete="off" value="{text}"'
        f"{attributes(cell, outcome, day)}>{before(cell, day)}</div>"
        f"{message(cell, outcome) if outcome else note}</td>"
    )


def still_blank(cell: Cell, day: str) -> str:
    """Told quietly, once the row is begun: the last time, something stood here."""
    return (
        '<p class="app-etat fr-icon-information-line fr-icon--sm" data-blank>'
        f"vide, {shown(cell.previous)} le {day}</p>"
    )


def read_cell(row: GridRow, cell: Cell, day: str) -> str:
    place = f' data-total="{cell.name}"{had(cell)}' if row.is_total else ""
    value = f"<strong{place}>{shown(cell.value) or 'vide'}</strong>"
    if cell.value is None and not row.is_total:
        value = '<span class="app-avant">vide</span>'
    return (
        f'<td role="cell" data-label="{escape(cell.label)}">'
        f"<span>{value} {before(cell, day)}</span></td>"
    )


def before(cell: Cell, day: str) -> str:
    """The last declared week's value: typing is comparing."""
    if not day:
        return ""
    was = shown(cell.previous) or "vide"
    return f'<span class="app-avant" id="p-{cell.name}">{day} : {was}</span>'


def had(cell: Cell) -> str:
    return "" if cell.previous is None else f' data-had="{shown(cell.previous)}"'


def attributes(cell: Cell, outcome: Outcome | None, day: str) -> str:
    described = [f"p-{cell.name}"] if day else []
    found = had(cell)
    if outcome:
        described.append(f"e-{cell.name}")
        found += f' data-state="{outcome.kind}"'
        if outcome.is_unsaved:
            found += f' data-seen="{shown(cell.value)}"'
        if outcome.is_invalid:
            found += ' aria-invalid="true"'
    return f'{found} aria-describedby="{" ".join(described)}"' if described else found


def message(cell: Cell, outcome: Outcome) -> str:
    sentence = (
        f'<p class="app-etat app-etat--{outcome.kind} {ICONS[outcome.kind]} fr-icon--sm"'
        f' id="e-{cell.name}">{escape(outcome.sentence)}</p>'
    )
    buttons = "".join(
        f'<button class="fr-btn fr-btn--tertiary fr-btn--sm" name="{key}"'
        f' value="{escape(value)}" data-{key}>{escape(label)}</button>'
        for key, value, label in outcome.buttons(cell.name)
    )
    return f'{sentence}<div class="app-choix">{buttons}</div>' if buttons else sentence


def cover(row: GridRow) -> str:
    """Days of cover, the level in words, and what they rest on when it is not plain."""
    note = row.note or ("à vérifier" if any(is_doubtful(cell) for cell in row.cells) else "")
    figures = cover_figures(row.days, row.level, note)
    days = f"<strong>{figures['days']}</strong> " if figures["days"] else ""
    below = f'<span class="app-sous">{escape(note)}</span>' if note else ""
    level = f'<span class="app-classe app-classe--{figures["level"]}">{figures["word"]}</span>'
    return f"<span>{days}{level}{below}</span>"


def is_doubtful(cell: Cell) -> bool:
    """Days of cover rest on stock and consumption, not on what is expected."""
    return bool(cell.doubt) and not cell.is_confirmed and cell.measure != "supply"
