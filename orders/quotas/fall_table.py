"""The table of those who would receive less, for the page and for the file."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import Column, Table
from common.numbers import format_integer
from orders.models import Beneficiary
from orders.quotas.comparing import percent_text
from orders.quotas.pairing import Fall


@dataclass(frozen=True, slots=True)
class FallRow:
    beneficiary: Beneficiary
    fall: Fall
    why: str


def fall_table(a: str, b: str) -> Table:
    columns = [
        Column("Bénéficiaire", lambda row: str(row.beneficiary), _name),
        Column("FINESS", lambda row: row.beneficiary.finess, lambda row: "", under=True),
        Column("Région", lambda row: str(row.beneficiary.region or ""), under=True),
        Column("Capacité", lambda row: row.fall.places, _places, under=True),
        Column("A", lambda row: row.fall.was, _was, is_number=True),
        Column("B", lambda row: row.fall.becomes, _becomes, is_number=True),
        Column("Écart", _percent_value, _percent, is_number=True),
        Column("Pourquoi", lambda row: row.why, is_wide=True),
    ]
    return Table(
        "baisses", f"Les plus fortes baisses, de «\u00a0{a}\u00a0» à «\u00a0{b}\u00a0»", columns
    )


def _name(row: FallRow) -> SafeString:
    return format_html("<strong>{}</strong>", row.beneficiary)


def _places(row: FallRow) -> str:
    return f"{format_integer(row.fall.places)} lits ou places" if row.fall.places else ""


def _was(row: FallRow) -> str:
    return format_integer(row.fall.was)


def _becomes(row: FallRow) -> str:
    return format_integer(row.fall.becomes)


def _percent_value(row: FallRow) -> float:
    return round(row.fall.percent, 1)


def _percent(row: FallRow) -> str:
    return percent_text(row.fall.percent)
