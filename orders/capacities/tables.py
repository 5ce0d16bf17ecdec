"""The list of sites and their capacities, for the page; a file that reads back as it is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from orders.capacities.sites import SiteRow
from orders.models import Basis, Capacity

DASH = "–"


def site_table() -> Table:
    return Table(
        "capacites",
        "Capacités",
        [
            Column("Établissement", lambda row: row.site.name, _name_cell),
            Column("FINESS", lambda row: row.site.finess, _finess_text, under=True),
            Column("Catégorie", lambda row: str(row.site.category), under=True),
            Column("Dép.", lambda row: row.site.department_id or ""),
            *(_number_column(basis) for basis in Basis),
            Column("Compté", lambda row: row.counted_text, _counted_cell),
            Column("Connu au", lambda row: row.known_on, _day_cell),
            Column("À savoir", lambda row: row.why, _state_cell, is_wide=True),
        ],
    )


def _number_column(basis: Basis) -> Column:
    def number(row: SiteRow) -> int | None:
        capacity = row.line(basis).capacity
        return capacity.quantity if capacity else None

    def cell(row: SiteRow) -> SafeString | str:
        found = number(row)
        text = DASH if found is None else format_integer(found)
        return format_html("<strong>{}</strong>", text) if row.line(basis).is_counted else text

    return Column(f"{basis.label}s".capitalize(), number, cell, is_number=True)


def _name_cell(row: SiteRow) -> SafeString:
    address = reverse("orders:capacity", args=[row.site.finess])
    return format_html('<a href="{}"><strong>{}</strong></a>', address, row.site.name)


def _finess_text(row: SiteRow) -> str:
    return row.site.finess_text


def _counted_cell(row: SiteRow) -> str:
    return row.counted_text or DASH


def _day_cell(row: SiteRow) -> str:
    return f"{row.known_on:%d/%m/%Y}" if row.known_on else DASH


def _state_cell(row: SiteRow) -> SafeString | str:
    told: list[SafeString] = []
    if row.why:
        told.append(_state("attention", f"Compte 0\u00a0: {row.why}"))
    if row.is_waiting:
        told.append(_state("attente", "Correction demandée"))
    if len(told) < 2:
        return told[0] if told else DASH
    return format_html("{}" + UNDER, *told)


def _state(kind: str, text: str) -> SafeString:
    context = {"kind": kind, "text": text}
    return SafeString(render_to_string("components/state.html", context).strip())


def file_rows(capacities: Iterable[Capacity]) -> Iterator[list[Any]]:
    """Lines that read back as they are: one for each day and source that a site's numbers have.

    The capacities come by site.
    """
    for _, same in groupby(capacities, key=lambda one: one.establishment_id):
        yield from _site_lines(list(same))


def _site_lines(rows: Sequence[Capacity]) -> Iterator[list[Any]]:
    for (day, source), same in groupby(sorted(rows, key=_day_and_source), key=_day_and_source):
        numbers = {one.basis: one.quantity for one in same}
        site = rows[0].establishment
        yield [site.finess, site.name, *(numbers.get(basis) for basis in Basis), day, source]


def _day_and_source(one: Capacity) -> tuple[date, str]:
    return one.as_of, one.source
