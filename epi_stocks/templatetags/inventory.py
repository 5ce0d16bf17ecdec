"""The cells of the weekly grid, drawn in Python: sixty a page, ten times quicker than includes."""

from django import template
from django.utils.html import format_html, format_html_join
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
TYPED = (
    '<td role="cell" class="app-saisie{}"><label class="fr-label app-label-cellule" for="{}">'
    '<span class="fr-sr-only">{} : </span>{}</label><div class="app-saisie__ligne">'
    '<input class="fr-input" id="{}" name="{}" inputmode="numeric" autocomplete="off"'
    ' value="{}"{}>{}</div>{}</td>'
)
READ = '<td role="cell" data-label="{}"><span><strong{}>{}</strong> {}</span></td>'
BUTTON = (
    '<button class="fr-btn fr-btn--tertiary fr-btn--sm" name="{}" value="{}" data-{}>{}</button>'
)


@register.filter
def typed(value: int | None) -> str:
    """Write a value as in a cell: blank stays blank."""
    return shown(value)


@register.simple_tag
def grid_cell(grid: Grid, row: GridRow, cell: Cell, outcomes: dict[str, Outcome]) -> SafeString:
    """Draw one cell: a box to type in, or the value to read."""
    if cell.is_read_only or not grid.may_write:
        return _read(grid, row, cell)
    outcome = outcomes.get(cell.name) or doubt_outcome(cell)
    return format_html(
        TYPED,
        f" app-cellule--{outcome.kind}" if outcome and outcome.marks_cell else "",
        cell.name,
        row.label,
        cell.label,
        cell.name,
        cell.name,
        outcome.text_typed if outcome and outcome.is_unsaved else shown(cell.value),
        _attributes(grid, cell, outcome),
        _before(grid, cell),
        _message(cell, outcome) if outcome else "",
    )


def _read(grid: Grid, row: GridRow, cell: Cell) -> SafeString:
    place = format_html(' data-total="{}"', cell.name) if row.is_total else ""
    value = shown(cell.value) or "vide"
    return format_html(READ, cell.label, place, value, _before(grid, cell))


def _before(grid: Grid, cell: Cell) -> SafeString:
    """The last declared week's value: typing is comparing."""
    if grid.last_week is None:
        return SafeString("")
    before = shown(cell.previous) or "vide"
    day = f"{grid.last_week:%d/%m}"
    return format_html('<span class="app-avant" id="p-{}">{} : {}</span>', cell.name, day, before)


def _attributes(grid: Grid, cell: Cell, outcome: Outcome | None) -> SafeString:
    described = [f"p-{cell.name}"] if grid.last_week else []
    pairs = []
    if outcome:
        described.append(f"e-{cell.name}")
        pairs.append(("data-state", outcome.kind))
        if outcome.is_unsaved:
            pairs.append(("data-seen", shown(cell.value)))
        if outcome.is_invalid:
            pairs.append(("aria-invalid", "true"))
    if cell.previous is not None:
        pairs.append(("data-had", "1"))
    if described:
        pairs.append(("aria-describedby", " ".join(described)))
    return format_html_join("", ' {}="{}"', pairs)


def _message(cell: Cell, outcome: Outcome) -> SafeString:
    sentence = format_html(
        '<p class="app-etat app-etat--{} {} fr-icon--sm" id="e-{}">{}</p>',
        outcome.kind,
        ICONS[outcome.kind],
        cell.name,
        outcome.sentence,
    )
    choices = [(key, value, key, label) for key, value, label in outcome.buttons(cell.name)]
    buttons = format_html_join("", BUTTON, choices)
    if not buttons:
        return sentence
    return format_html('{}<div class="app-choix">{}</div>', sentence, buttons)


@register.simple_tag
def grid_cover(row: GridRow) -> SafeString:
    """Days of cover, the level in words, and what they are computed from when it is not plain."""
    note = row.note or ("à vérifier" if any(is_doubtful(cell) for cell in row.cells) else "")
    figures = cover_figures(row.days, row.level, note)
    return format_html(
        "<span>{}{}{}</span>",
        format_html("<strong>{}</strong> ", figures["days"]) if figures["days"] else "",
        format_html(
            '<span class="app-classe app-classe--{}">{}</span>', figures["level"], figures["word"]
        ),
        format_html('<span class="app-sous">{}</span>', note) if note else "",
    )


def is_doubtful(cell: Cell) -> bool:
    """Days of cover rest on stock and consumption, not on what is expected."""
    return bool(cell.doubt) and not cell.is_confirmed and cell.measure != "supply"
