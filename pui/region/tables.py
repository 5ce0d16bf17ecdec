"""The tables of the region's view, each declared once: page and file cannot disagree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from common.columns import UNDER, Column, Table
from establishments.models import Establishment
from pui.models import Pui
from pui.region.catalogue import Grain
from pui.region.figures import NO_BREAK, quantity_text
from pui.region.filters import ROW_LABELS, Rows
from pui.region.rows import Row
from pui.region.scope import Scope
from pui.stock.table import badge

STOCKS = "stocks"
LINES = "detail"


@dataclass(frozen=True)
class Names:
    """What a row is called on the page; ``address`` leads to a place, where the page may go.

    ``holders`` are the pharmacies or the sites of the rows, by number.
    """

    places: Mapping[str, str]
    holders: Mapping[int, Pui | Establishment]
    address: Callable[[str], str | None]

    def text(self, row: Row) -> str:
        if row.holder_id:
            return str(self.holders[row.holder_id])
        return self.places.get(row.place) or "Sans territoire connu"

    def site(self, row: Row) -> Establishment:
        """The site itself, or that of the pharmacy."""
        holder = self.holders[row.holder_id]
        return holder.establishment if isinstance(holder, Pui) else holder

    def cell(self, row: Row) -> SafeString:
        url = self.holder_address(row) if row.holder_id else self.address(row.place)
        if url is None:
            return format_html("<strong>{}</strong>", self.text(row))
        return format_html('<a href="{}"><strong>{}</strong></a>', url, self.text(row))

    def holder_address(self, row: Row) -> str:
        if isinstance(self.holders[row.holder_id], Pui):
            return reverse("pui:detail", args=[row.holder_id])
        return self.site(row).get_absolute_url()


def stocks_table(scope: Scope, names: Names) -> Table:
    """One line for each place, site or pharmacy and each group of products."""
    columns = [Column(ROW_LABELS[scope.rows], names.text, names.cell)]
    if scope.is_one_by_one:
        if scope.rows == Rows.PUI:
            columns.append(Column("Site", lambda row: names.site(row).name, under=True))
        columns += site_columns(names.site)
    else:
        columns.append(Column("Code", lambda row: row.place, under=True))
    columns.append(group_column(scope))
    if scope.grain is not Grain.SUBSTANCE:
        columns.append(Column("Unité", lambda row: row.unit))
    return Table(STOCKS, "Stocks", [*columns, *SUMS, *(TOLD if scope.is_one_by_one else [])])


def group_column(scope: Scope) -> Column:
    """What a line groups; the DCI chosen is told once, above the table, and on each line of the
    file."""
    header = scope.grain_label
    if scope.substance and scope.grain is Grain.SUBSTANCE:
        return Column(header, lambda row: row.group, lambda row: "", under=True)
    return Column(header, lambda row: row.group, order="produit")


# what is read of a pharmacy to name it and say where it stands
NAMED = (
    "label",
    "establishment__name",
    "establishment__finess",
    "establishment__department",
)


def pui_columns(pui_of: Callable[[Any], Pui]) -> list[Column]:
    """Where a pharmacy stands, below its name."""
    return [
        Column("Site", lambda row: pui_of(row).establishment.name, under=True),
        *site_columns(lambda row: pui_of(row).establishment),
    ]


def site_columns(site_of: Callable[[Any], Establishment]) -> list[Column]:
    return [
        Column(
            "FINESS du site",
            lambda row: site_of(row).finess,
            lambda row: site_of(row).finess_text,
            under=True,
        ),
        Column("Dép.", lambda row: site_of(row).department_id or ""),
    ]


def told_text(row: Row) -> str:
    """« 20/11 », or the oldest of the due days that the sums take."""
    return f"{row.due_on:%d/%m}" if row.due_on else ""


def lines_cell(row: Row) -> SafeString | str:
    """How many lines, and below how many are left out of the ratio."""
    left_out = row.sums.left_out
    if not left_out:
        return str(row.sums.lines)
    return format_html("{}" + UNDER, row.sums.lines, f"dont {left_out} hors rapport")


SUMS = [
    Column(
        "Classe",
        lambda row: str(row.sums.level.label),
        lambda row: badge(row.sums.level),
        order="urgence",
        direction="descending",
        indicator="classe-medicament",
    ),
    Column(
        "Couverture (jours)",
        lambda row: row.sums.days,
        lambda row: row.sums.days_text,
        is_number=True,
        order="couverture",
        indicator="couverture-medicament",
    ),
    Column(
        "Stock",
        lambda row: row.sums.stock,
        lambda row: quantity_text(row.sums.stock),
        is_number=True,
        order="stock",
    ),
    Column(
        "Conso / jour",
        lambda row: row.sums.daily,
        lambda row: quantity_text(row.sums.daily),
        is_number=True,
        order="conso",
        direction="descending",
    ),
    Column("Lignes", lambda row: row.sums.lines, lines_cell, is_number=True),
    Column("Non retenues", lambda row: row.sums.left_out, lambda row: "", under=True),
]
TOLD = [Column("Échéance", lambda row: row.due_on, told_text)]


def moment(value: Any) -> str:
    """« 20/11 à 8 h 12 », in Paris."""
    at = localtime(value)
    return f"{at:%d/%m} à {at.hour}{NO_BREAK}h{NO_BREAK}{at:%M}"
