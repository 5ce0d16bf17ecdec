"""The table of those who follow a season, declared once for the page and for the file."""

from collections.abc import Callable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from pui.region.donor_table import contact_cell, contact_text
from pui.region.figures import quantity_text
from pui.stock.table import badge
from vaccines.flu.filters import PUI, ROW_LABELS
from vaccines.flu.following import Row
from vaccines.models import TargetGroup

DASH = "–"


def follow_table(
    *,
    rows: str,
    season: str,
    last_season: str,
    groups: Sequence[TargetGroup] | None = None,
    with_contact: bool = False,
) -> Table:
    """``groups`` asks for the needs of each; without, deliveries and stocks."""
    columns = [Column(ROW_LABELS[rows], lambda row: row.name, _name_cell), *_places(rows)]
    columns.append(Column("Demande" if rows == PUI else "Demandes faites", _standing, _state_cell))
    if groups is not None:
        columns += [_group_column(one) for one in groups]
    columns.append(Column("Besoin", lambda row: row.figures.need, number("need"), is_number=True))
    if last_season:
        columns.append(
            Column(
                f"Besoin {last_season}",
                lambda row: row.figures.last_need,
                number("last_need"),
                is_number=True,
            )
        )
    if groups is None:
        columns += DELIVERIES
    if with_contact:
        columns.append(Column("Qui appeler", _contact_text, _contact_cell, is_wide=True))
    return Table("grippe", f"Vaccins grippe {season}", columns)


def _places(rows: str) -> list[Column]:
    if rows != PUI:
        return [Column("Code", lambda row: row.code, under=True)]
    return [
        Column("Site", lambda row: row.pui.establishment.name if row.pui else "", under=True),
        Column(
            "FINESS du site",
            lambda row: row.pui.establishment.finess if row.pui else "",
            lambda row: row.pui.establishment.finess_text if row.pui else "",
            under=True,
        ),
        Column(
            "Dép.",
            lambda row: (row.pui.establishment.department_id or "") if row.pui else "",
        ),
    ]


def _group_column(group: TargetGroup) -> Column:
    return Column(
        group.label,
        lambda row: row.figures.needs.get(group.pk),
        lambda row: shown(row.figures.needs.get(group.pk)),
        is_number=True,
    )


def shown(number: int | None) -> str:
    return DASH if number is None else format_integer(number)


def number(name: str) -> Callable[[Any], str]:
    return lambda row: shown(getattr(row.figures, name))


def _name_cell(row: Row) -> SafeString:
    if not row.url:
        return format_html("<strong>{}</strong>", row.name)
    return format_html('<a href="{}"><strong>{}</strong></a>', row.url, row.name)


def _standing(row: Row) -> str:
    return row.standing


def _state_cell(row: Row) -> SafeString | str:
    """A late one is seen among the others; a date is never cut."""
    if not row.is_late:
        said, _, last = row.standing.rpartition(" ")
        return format_html('{} <span class="app-nb">{}</span>', said, last)
    context = {"kind": "erreur", "text": row.standing}
    return SafeString(render_to_string("components/state.html", context).strip())


def _stock_cell(row: Row) -> str:
    stock = row.figures.stock.stock
    return DASH if stock is None else quantity_text(stock)


def _cover_cell(row: Row) -> SafeString | str:
    """« 12,4 j », its class, and what it comes from."""
    sums = row.figures.stock
    if sums.stock is None:
        return "non déclaré"
    parts = f"{quantity_text(sums.daily)} par jour"
    return format_html("{} {}" + UNDER, sums.days_text, badge(sums.level), parts)


def _contact_text(row: Row) -> str:
    return contact_text(row.pui, row.people) if row.pui else ""


def _contact_cell(row: Row) -> SafeString | str:
    return contact_cell(row.pui, row.people) if row.pui else ""


DELIVERIES = [
    Column("Livré", lambda row: row.figures.delivered, number("delivered"), is_number=True),
    Column("Part du besoin", lambda row: row.figures.share_text, is_number=True),
    Column("Stock", lambda row: row.figures.stock.stock, _stock_cell, is_number=True),
    Column("Couverture (jours)", lambda row: row.figures.stock.days, _cover_cell, is_number=True),
    Column("Conso / jour", lambda row: row.figures.stock.daily, lambda row: "", under=True),
]
