"""The tables of those who would receive less, or more, for the page and for the file."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import Column, Table
from common.numbers import format_integer
from orders.models import Beneficiary
from orders.quotas.comparing import percent_text
from orders.quotas.pairing import Move

FALLS, GAINS = "baisses", "hausses"


@dataclass(frozen=True, slots=True)
class MoveRow:
    beneficiary: Beneficiary
    move: Move
    why: str


def move_table(a: str, b: str, *, gains: bool = False) -> Table:
    what = GAINS if gains else FALLS
    columns = [
        Column("Bénéficiaire", lambda row: str(row.beneficiary), _name),
        Column("FINESS", lambda row: row.beneficiary.finess, lambda row: "", under=True),
        Column("Région", lambda row: str(row.beneficiary.region or ""), under=True),
        Column("Capacité", lambda row: row.move.places, _places, under=True),
        Column("A", lambda row: row.move.was, _was, is_number=True),
        Column("B", lambda row: row.move.becomes, _becomes, is_number=True),
        Column("Écart", _percent_value, _percent, is_number=True),
        Column("Pourquoi", lambda row: row.why, is_wide=True),
    ]
    title = f"Les plus fortes {what}, de «\u00a0{a}\u00a0» à «\u00a0{b}\u00a0»"
    return Table(what, title, columns)


def _name(row: MoveRow) -> SafeString:
    return format_html("<strong>{}</strong>", row.beneficiary)


def _places(row: MoveRow) -> str:
    return f"{format_integer(row.move.places)} lits ou places" if row.move.places else ""


def _was(row: MoveRow) -> str:
    return format_integer(row.move.was)


def _becomes(row: MoveRow) -> str:
    return format_integer(row.move.becomes)


def _percent_value(row: MoveRow) -> float | None:
    percent = row.move.percent
    return None if percent is None else round(percent, 1)


def _percent(row: MoveRow) -> str:
    return percent_text(row.move.percent)
