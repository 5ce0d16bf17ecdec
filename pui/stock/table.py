"""The table of a stock, declared once: the page and the file cannot disagree."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from common.charts.patterns import css_name
from common.charts.sparkline import sparkline
from common.columns import UNDER, Column, Table
from common.cover import Level
from medications.models import Product
from pui.expiry import Standing
from pui.sharing.awaited import awaited_text
from pui.stock.reading import Reading
from pui.stock.rows import By, Row
from pui.stock.scope import Scope
from pui.stock.texts import (
    NOT_DECLARED,
    days_text,
    joined,
    left_out_text,
    middle_text,
    missing_text,
    quantity_text,
    run_out_text,
    trend_text,
    update_text,
)

BADGE = '<span class="app-classe app-classe--{}">{}</span>'
NATIONAL = '<span class="fr-badge fr-badge--sm fr-badge--warning fr-badge--no-icon">{}</span>'
MOST_LINKED = 4  # pharmacies named under a product
FROM_MAPUI = "médicament virtuel de maPUI"


def badge(level: Level) -> SafeString:
    """The word and the colour of a level."""
    return format_html(BADGE, css_name(level.value), level.label)


def hidden(row: Row) -> str:
    """Only in the file: the page has no room for it."""
    return ""


def in_file(header: str, value: Callable[[Row], Any]) -> Column:
    return Column(header, value, hidden, under=True)


def table_of(reading: Reading, scope: Scope, by: By) -> Table:
    """Its last columns, in the file alone, are the stocks of the drawing, day by day."""
    title = f"Stock par {by.label}, {scope.monitored_list}, {scope.title}"
    if scope.monitored_list.is_devices:
        title = f"Stock des {scope.monitored_list}, {scope.title}"
    return Table(
        "stock",
        title,
        [
            *naming(scope, by),
            *figures_of(reading),
            *(past_column(rank, day) for rank, day in days_of(reading)),
        ],
    )


def figures_of(reading: Reading) -> list[Column]:
    """The page has a column of expiries once one is declared; the file always has."""
    is_told = any(line.nearest_expiry for line in reading.lines.values())
    return FIGURES if is_told else [IN_FILE if one is EXPIRY else one for one in FIGURES]


def shown_on_page(table: Table) -> Table:
    """The same one without what only the file has."""
    return replace(table, columns=[one for one in table.columns if one.cell is not hidden])


def days_of(reading: Reading) -> list[tuple[int, date]]:
    return list(enumerate(reading.days)) if reading.past else []


def past_column(rank: int, day: date) -> Column:
    """Its header is none of those that a transmission reads: the file sent back declares « Stock »
    alone."""
    return in_file(
        f"Stock déclaré le {day:%d/%m/%Y}", lambda row: row.trend[rank][1] if row.trend else None
    )


def naming(scope: Scope, by: By) -> list[Column]:
    """What a row stands for; the page of a product needs one pharmacy."""
    name = Column(
        scope.monitored_list.words.product if by is By.UCD else by.label,
        lambda row: row.label,
        lambda row: name_cell(row, scope, by),
        order="libelle",
    )
    if by is By.SUBSTANCE:
        return [name, in_file("Priorité", lambda row: row.priority.label)]
    if by is By.REFERENCE:
        return [name, SUBSTANCE, in_file("Priorité", lambda row: row.priority.label)]
    code = Column(
        scope.monitored_list.words.code, lambda row: row.product.code, code_text, under=True
    )
    invented = in_file("Fictif", lambda row: "oui" if row.product.is_fictitious else "non")
    unit = in_file("Unité", lambda row: row.product.unit)
    if scope.monitored_list.is_devices:
        return [name, code, invented, unit]
    return [
        name,
        code,
        in_file("UCD13", lambda row: row.product.ucd13),
        invented,
        in_file("UCD de référence", lambda row: str(row.product.reference or "")),
        in_file("DCI", lambda row: str(row.substance or "")),
        unit,
        in_file("Priorité", lambda row: row.priority.label),
    ]


SUBSTANCE = in_file("DCI", lambda row: str(row.substance or ""))


def name_cell(row: Row, scope: Scope, by: By) -> SafeString:
    """The label leads one step down: from a DCI to its references, to its UCDs, to one of them."""
    address = down_address(row, scope, by)
    label = format_html("<strong>{}</strong>", row.label)
    name = format_html('<a href="{}">{}</a>', address, label) if address else label
    mark = national_mark(row)
    links = product_links(row, scope) if by is By.UCD and not scope.is_one else SafeString("")
    return format_html("{}{}{}", name, mark, links)


def national_mark(row: Row) -> SafeString:
    if row.priority != 1:
        return SafeString("")
    return format_html(" " + NATIONAL, row.priority.label)


def down_address(row: Row, scope: Scope, by: By) -> str:
    if by is By.UCD:
        return product_address(scope.pui.pk, row) if scope.pui else ""
    if row.substance is None:
        return ""
    below = By.REFERENCE if by is By.SUBSTANCE else By.UCD
    query = scope.query | {"par": below.value, "dci": str(row.substance.pk)}
    return f"{reverse('pui:state')}?{urlencode(query)}"


def product_address(pui: int, row: Row) -> str:
    return reverse("pui:state_product", args=[pui, row.product.code])


def product_links(row: Row, scope: Scope) -> SafeString:
    """Each of the pharmacies that hold it, when they are few."""
    held = {pui for pui, _ in row.lines}
    found = [pui for pui in scope.puis if pui.pk in held]
    if len(found) > MOST_LINKED:
        return format_html(UNDER, f"{len(found)} PUI")
    links = ((product_address(pui.pk, row), pui.label) for pui in found)
    return format_html(UNDER, format_html_join(", ", '<a href="{}">{}</a>', links))


def code_text(row: Row) -> str:
    """A device has a code of its own, which is no UCD."""
    if row.is_virtual:
        return FROM_MAPUI
    fictitious = ", fictif" if row.product.is_fictitious else ""
    kind = "Code" if row.product.kind == Product.Kind.DEVICE else "UCD"
    return f"{kind} {row.product.code}{fictitious}"


def stock_cell(row: Row) -> SafeString | str:
    """The quantity; a line that was not declared says so instead of 0."""
    if row.stock is None:
        return with_note(NOT_DECLARED, awaited_text(row.awaited))
    missing = missing_text(row) if len(row.pairs) > 1 else ""
    coming = [row.moving.text, awaited_text(row.awaited)]
    return with_note(quantity_text(row.stock), joined([missing, *coming]))


def cover_cell(row: Row) -> SafeString:
    if not row.lines:
        return badge(row.level)
    days = days_text(row.days, row.level)
    return format_html(
        '{}<span class="app-sous">{}</span>', badge(row.level), joined([days, left_out_text(row)])
    )


def trend_cell(row: Row) -> SafeString | str:
    return sparkline(trend_text(row.trend), [value for _, value in row.trend])


def tendency_text(row: Row) -> str:
    """« en baisse »: the drawing in a word, for the file; its days follow."""
    known = [value for _, value in row.trend if value is not None]
    if len(known) < 2 or known[0] == known[-1]:
        return "stable" if len(known) > 1 else ""
    return "en baisse" if known[-1] < known[0] else "en hausse"


def run_out_cell(row: Row) -> SafeString:
    return with_note(run_out_text(row), middle_text(row.run_out, row.today))


def update_cell(row: Row) -> SafeString:
    """Its due day; a line that is old says so, even in a pharmacy that declared since."""
    if not row.lines:
        return SafeString("")
    stale = "" if row.is_fresh else "périmé"
    absent = "absent de la dernière déclaration" if row.missing and len(row.pairs) == 1 else ""
    return with_note(update_text(row), joined([stale, absent]))


def with_note(text: str, note: str) -> SafeString:
    return format_html("{}" + UNDER, text, note) if note else format_html("{}", text)


def transmitted_at(row: Row) -> Any:
    last = max((line.transmitted_at for line in row.lines.values()), default=None)
    return localtime(last) if last else None


def expiry_cell(row: Row) -> SafeString:
    """The first to come; what deserves a look says why, in words."""
    if row.nearest_expiry is None:
        return SafeString("")
    day = f"{row.nearest_expiry:%d/%m/%Y}"
    if row.standing is Standing.FINE:
        return format_html("{}", day)
    return format_html("{}" + AT_RISK, day, row.standing.label)


AT_RISK = (
    '<span class="app-sous app-etat app-etat--attention fr-icon-warning-line fr-icon--sm">{}</span>'
)
EXPIRY = Column("Péremption", lambda row: row.nearest_expiry, expiry_cell, order="peremption")
IN_FILE = in_file(EXPIRY.header, EXPIRY.value)
FIGURES = [
    Column("Stock", lambda row: row.stock, stock_cell, is_number=True, order="stock"),
    Column(
        "Conso / jour",
        lambda row: row.daily,
        lambda row: "" if not row.lines else quantity_text(row.daily),
        is_number=True,
        order="conso",
        direction="descending",
    ),
    in_file("En transfert, à envoyer", lambda row: row.moving.leaving or None),
    in_file("En transfert, à recevoir", lambda row: row.moving.arriving or None),
    in_file("Répartition, en attente de réception", lambda row: row.awaited or None),
    in_file("Jours de couverture", lambda row: row.days),
    Column("Couverture", lambda row: row.level.label, cover_cell, order="urgence"),
    in_file("Lignes déclarées", lambda row: len(row.lines)),
    in_file("Lignes non déclarées", lambda row: row.missing),
    in_file("Lignes hors du calcul de couverture", lambda row: row.cover.left_out),
    Column("Tendance", tendency_text, trend_cell),
    Column("Rupture prévue", run_out_text, run_out_cell, order="rupture"),
    in_file("Rupture, au plus tôt (P10)", lambda row: row.run_out and row.run_out.early),
    in_file("Rupture, au milieu (P50)", lambda row: row.run_out and row.run_out.middle),
    in_file("Rupture, au plus tard (P90)", lambda row: row.run_out and row.run_out.late),
    in_file("Prévision jusqu’au", lambda row: row.run_out and row.run_out.until),
    EXPIRY,
    in_file("Risque de péremption", lambda row: row.standing.label),
    Column("Déclaré", lambda row: row.due_on, update_cell, order="declaration"),
    in_file("Transmis le", transmitted_at),
    in_file("À jour", lambda row: "oui" if row.is_fresh else "non"),
]
