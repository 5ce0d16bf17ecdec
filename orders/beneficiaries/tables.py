"""The table of beneficiaries, declared once for the page and for the file."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import Column, Table
from orders.models import Beneficiary

ABOUT = ("establishment", "legal_entity", "region", "department", "category", "platform")


def beneficiaries_table() -> Table:
    return Table(
        "beneficiaires",
        "Bénéficiaires",
        [
            Column("Nom", lambda row: row.place.name, _name),
            Column("FINESS", lambda row: row.finess, _number, under=True),
            Column("Numéro", lambda row: row.finess_kind, lambda row: "", under=True),
            Column("Commune", lambda row: row.place.town, under=True),
            Column("Catégorie", lambda row: str(row.category), is_wide=True),
            Column("Région", lambda row: str(row.region or "")),
            Column("Dép.", lambda row: row.department_id or ""),
            Column("Servi par", _served),
            Column("Sur la liste", lambda row: row.is_listed, _left, under=True),
        ],
    )


def _name(row: Beneficiary) -> SafeString:
    return format_html(
        '<a href="{}"><strong>{}</strong></a>', row.place.get_absolute_url(), row.place.name
    )


def _number(row: Beneficiary) -> str:
    return f"{row.finess_kind} {row.place.finess_text}"


def _served(row: Beneficiary) -> str:
    return str(row.platform) if row.platform else "La Poste"


def _left(row: Beneficiary) -> str:
    return "" if row.is_listed else "sorti de la liste"
