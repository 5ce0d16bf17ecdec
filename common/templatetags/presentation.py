"""How figures, weeks and official numbers are written on every page."""

from collections.abc import Sized
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template

from common import columns, french, markup, tables, weeks
from common.identifiers import format_finess
from common.numbers import format_decimal, format_integer

SHOWN_FIRST, LONG = 10, 15  # rows of a table on a phone
register = template.Library()
register.filter("drawn_rows", tables.drawn_rows)
register.filter("drawn_cells", columns.drawn_cells)
register.filter("markup", markup.render)


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """Write 1234567 as « 1 234 567 » and 0.5 as « 0,5 »; nothing known is a dash, never 0."""
    if value is None:
        return "–"
    return format_integer(value) if isinstance(value, int) else format_decimal(value)


@register.filter
def kept_for_later(rows: Sized) -> int:
    """How many rows of a table a phone shows only when asked, past the first ten: a few, no."""
    return len(rows) - SHOWN_FIRST if len(rows) > LONG else 0


@register.filter
def plural(count: int, mark: str = "s") -> str:
    """Give the mark of the French plural, which begins at 2: « 0 site », « 2 sites »."""
    return mark if abs(count) >= 2 else ""


@register.filter
def of(name: object) -> str:
    """Write « d’Éric Dumas », « de Julien Moreau »."""
    return french.of(name)


@register.filter
def finess(value: str) -> str:
    """Write « 45 099 010 6 »."""
    return format_finess(value)


@register.filter
def day(value: date | None) -> str:
    """Write « 16/11/2026 », the day it is in Paris; nothing known is written as nothing."""
    return f"{_in_paris(value):%d/%m/%Y}" if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """Write « 16/11 »."""
    return f"{_in_paris(value):%d/%m}" if value else ""


def _in_paris(value: date) -> date:
    return value.astimezone(weeks.PARIS) if isinstance(value, datetime) else value


@register.filter
def week_label(monday: date) -> str:
    """Write « N°47 du 16/11/2026 au 22/11/2026 »."""
    return weeks.week_label(monday)


@register.filter
def week_short(monday: date) -> str:
    """Write « S47 (16/11) »."""
    return weeks.short_label(monday)


@register.filter
def role_labels(habilitations: list[Any]) -> str:
    """Name the roles held, each once: « Opérateur d’inventaire EPI, Gestionnaire de fichiers »."""
    return ", ".join(dict.fromkeys(one.get_role_display() for one in habilitations))
