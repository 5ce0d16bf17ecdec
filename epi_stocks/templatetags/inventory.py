"""The lines of the weekly grid, its sites and its weeks, drawn in Python: as many includes a page
would cost ten times more.

Every text that comes from data is escaped here, once; numbers and names of cells need no escaping.
"""

import html
from datetime import date
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from epi_stocks.forms import shown
from epi_stocks.grid import Cell, Entity, Grid, GridRow, Site
from epi_stocks.outcomes import Outcome, cover_figures, doubt_outcome
from epi_stocks.views.inventory_context import WeekChoice

register = template.Library()
escape = lru_cache(4096)(html.escape)  # the same names and headings come back on every page

ICONS = {
    "ok": "fr-icon-checkbox-circle-line",
    "attente": "fr-icon-refresh-line",
    "attention": "fr-icon-warning-line",
    "erreur": "fr-icon-error-line",
}
CURRENT = ' aria-current="page"'
TOTAL = '<span class="app-sous">total des tailles, calculé</span>'


@register.filter
def typed(value: int | None) -> str:
    """Write a value as in a cell: blank stays blank."""
    return shown(value)


@register.simple_tag
def site_options(entities: list[Entity]) -> SafeString:
    """The drop-down of establishments, by entity, with where each one stands."""
    return SafeString("".join(entity_options(one) for one in entities))


def entity_options(entity: Entity) -> str:
    options = "".join(site_option(site) for site in entity.sites)
    return f'<optgroup label="{escape(entity.name)}">{options}</optgroup>'


def site_option(site: Site) -> str:
    return (
        f'<option value="{site.finess}"{" selected" if site.is_current else ""}>'
        f"{escape(site.name)}{', site principal' if site.is_main else ''}"
        f" ({escape(site.state.sentence)})</option>"
    )


@register.simple_tag
def site_items(sites: list[Site], grid: Grid, address: str) -> SafeString:
    """Where each site stands, with a link to its grid; ``address`` is that of the grid shown."""
    return SafeString(
        "".join(
            f'<li><a href="{escape(address.replace(grid.finess, site.finess))}"'
            f"{CURRENT if site.is_current else ''}>{escape(site.name)}</a>"
            f'<span class="app-etat {site.state.css_class} {site.state.icon} fr-icon--sm">'
            f"{escape(site.state.sentence)}</span></li>"
            for site in sites
        )
    )


@register.simple_tag
def week_options(weeks: list[WeekChoice], shown_week: date) -> SafeString:
    return SafeString(
        "".join(
            f'<option value="{one.monday}"{" selected" if one.monday == shown_week else ""}>'
            f"{escape(one.label)} ({escape(one.state)})</option>"
            for one in weeks
        )
    )


@register.simple_tag
def grid_lines(grid: Grid, outcomes: dict[str, Outcome], to_total: str) -> SafeString:
    """Draw every item: its cells, to type in or to read, and its days of cover."""
    day = f"{grid.last_week:%d/%m}" if grid.last_week else ""
    return SafeString("".join(line(grid, row, outcomes, day, to_total) for row in grid.rows))


def line(grid: Grid, row: GridRow, outcomes: dict[str, Outcome], day: str, to_total: str) -> str:
    label = escape(row.label)
    is_begun = any(cell.value is not None for cell in row.cells)
    cells = "".join(
        read_cell(row, cell, day)
        if cell.is_read_only or not grid.may_write
        else typed_cell(
            label, cell, outcomes.get(cell.name) or doubt_outcome(cell), day, is_begun=is_begun
        )
        for cell in row.cells
    )
    size = f' class="app-taille" data-kind="{row.size_kind}"' if row.parent_id else ""
    return (
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
        f' inputmode="numeric" value="{text}"'
        f"{attributes(cell, name, outcome, day)}>{before(cell, name, day)}</div>"
        f"{message(cell, outcome) if outcome else note}{proposed(cell, label)}</td>"
    )


def proposed(cell: Cell, label: str) -> str:
    """What orders bring, and the button that takes it: of another form, Enter never presses it."""
    if cell.proposal is None:
        return ""
    words = escape(cell.proposal.words)
    if not cell.is_to_take:
        return f'<p class="app-note" data-supply>{words}</p>'
    return (
        f'<p class="app-note" data-supply>{words} '
        f'<button class="fr-btn fr-btn--tertiary fr-btn--sm" form="reprise" name="item"'
        f' value="{cell.item_id}">Reprendre'
        f'<span class="fr-sr-only"> {words}\u00a0: {label}</span></button></p>'
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
        f"<span>{value} {before(cell, cell.name, day)}</span></td>"
    )


def before(cell: Cell, name: str, day: str) -> str:
    """The last declared week's value: typing is comparing."""
    if not day:
        return ""
    was = shown(cell.previous) or "vide"
    return f'<span class="app-avant" id="p-{name}">{day} : {was}</span>'


def had(cell: Cell) -> str:
    return "" if cell.previous is None else f' data-had="{shown(cell.previous)}"'


def attributes(cell: Cell, name: str, outcome: Outcome | None, day: str) -> str:
    found, described = had(cell), f"p-{name}" if day else ""
    if outcome:
        described = f"{described} e-{name}".lstrip()
        found += f' data-state="{outcome.kind}"'
        if outcome.is_unsaved:
            found += f' data-seen="{shown(cell.value)}"'
        if outcome.is_invalid:
            found += ' aria-invalid="true"'
    return f'{found} aria-describedby="{described}"' if described else found


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
