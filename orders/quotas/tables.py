"""The table of quotas, declared once for the page and for the file."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import Column, Table
from common.identifiers import format_finess
from common.numbers import format_integer
from common.weeks import week_label
from orders.models import Quota

OF_QUOTA = (
    "item",
    "beneficiary__establishment",
    "beneficiary__legal_entity",
    "beneficiary__category",
    "beneficiary__region",
)


def quota_table(week: date) -> Table:
    """Of one week; who, what, how much is allowed, ordered, left."""
    columns = [
        Column("Bénéficiaire", lambda row: str(row.beneficiary), _name_cell),
        Column("FINESS", lambda row: row.beneficiary.finess, _finess_cell, under=True),
        Column("Catégorie", lambda row: str(row.beneficiary.category), _nothing, under=True),
        Column("Région", lambda row: str(row.beneficiary.region or ""), _nothing, under=True),
        Column("Dép.", lambda row: row.beneficiary.department_id or ""),
        Column("Équipement", lambda row: row.item.plural),
        *_numbers(),
    ]
    return Table("contingents", _title(week), columns)


def own_quota_table(week: date) -> Table:
    """Of one beneficiary, named above the table: its equipment come first."""
    columns = [Column("Équipement", lambda row: row.item.plural, _item_cell), *_numbers()]
    return Table("contingents", _title(week), columns)


def _title(week: date) -> str:
    return f"Contingents de la semaine {week_label(week)}"


def _numbers() -> list[Column]:
    return [
        number("Autorisé", "granted"),
        number("Commandé", "used"),
        number("Reste", "remaining"),
    ]


def number(header: str, name: str) -> Column:
    return Column(
        header,
        lambda row: getattr(row, name),
        lambda row: format_integer(getattr(row, name)),
        is_number=True,
    )


def _name_cell(row: Quota) -> SafeString:
    told = format_html("{}<span class='fr-sr-only'>, {}</span>", row.beneficiary, row.item.plural)
    return format_html('<a href="{}">{}</a>', reverse("orders:quota", args=[row.pk]), told)


def _item_cell(row: Quota) -> SafeString:
    address = reverse("orders:quota", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, row.item.plural)


def _finess_cell(row: Quota) -> str:
    return format_finess(row.beneficiary.finess)


def _nothing(row: Any) -> str:
    """In the file alone."""
    return ""
