"""The tables of those who follow the lines, each declared once for its page and its file."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from vaccines.models import SupplyLine
from vaccines.states import State

# as the house marks states: done, expected, to do, late
BADGES = {
    State.NEED_AWAITED: "info",
    State.NEED_LATE: "error",
    State.NEED_TOLD: "new",
    State.PLANNED: "new",
    State.AWAITED: "warning",
    State.RECEIVED: "success",
    State.REMOVED: "",
}
BOX = (
    '<div class="fr-checkbox-group fr-checkbox-group--sm vac-coche">'
    '<input type="checkbox" id="ligne-{0}" name="ligne" value="{0}">'
    '<label class="fr-label" for="ligne-{0}"><span class="fr-sr-only">Choisir {1}</span></label>'
    "</div>"
)


def number(value: int | None) -> str:
    """Blank is not 0."""
    return "–" if value is None else format_integer(value)


def badge(state: str) -> SafeString:
    one = State(state)
    look = f" fr-badge--{BADGES[one]}" if BADGES[one] else ""
    return format_html(
        '<span class="fr-badge fr-badge--sm fr-badge--no-icon{}">{}</span>', look, one.label
    )


def origin_text(row: SupplyLine) -> str:
    if row.flow == SupplyLine.Flow.A:
        return "SPF (flux A)"
    return f"{row.pivot} (flux B)"


def _name_cell(row: SupplyLine, may_correct: bool) -> SafeString:
    address = reverse("vaccines:line", args=[row.pk])
    link = format_html('<a href="{}"><strong>{}</strong></a>', address, row.recipient.name)
    if not may_correct:
        return link
    named = f"{row.recipient.name}, {row.wave}"
    return format_html('<div class="vac-nom">' + BOX + "{2}</div>", row.pk, named, link)


def _pharmacy_cell(row: SupplyLine) -> SafeString:
    site = row.pui.establishment
    return format_html("{}" + UNDER, row.pui.label, site.name)


def _wave_cell(row: SupplyLine) -> SafeString:
    return format_html("{}" + UNDER, row.wave.label, f"{row.wave.delivers_on:%d/%m/%Y}")


def _planned_cell(row: SupplyLine) -> Any:
    if row.planned_doses is None:
        return "–"
    day = f"le {row.expected_on:%d/%m/%Y}" if row.expected_on else "date à confirmer"
    return format_html("{}" + UNDER, number(row.planned_doses), day)


PLACES = [
    Column(
        "FINESS du destinataire",
        lambda row: row.recipient.finess,
        lambda row: row.recipient.finess_text,
        under=True,
    ),
    Column(
        "Département",
        lambda row: str(row.recipient.department or ""),
        lambda row: row.recipient.department_id or "",
        under=True,
    ),
    Column("PUI", lambda row: row.pui.label, _pharmacy_cell),
    Column(
        "FINESS de la PUI",
        lambda row: row.pui.establishment.finess,
        lambda row: "",
        under=True,
    ),
    Column("Vague", lambda row: row.wave.label, _wave_cell),
    Column("Provenance", origin_text),
]
DOSES = [
    Column(
        "1res injections",
        lambda row: row.first_doses,
        lambda row: number(row.first_doses),
        is_number=True,
    ),
    Column(
        "2es injections",
        lambda row: row.second_doses,
        lambda row: number(row.second_doses),
        is_number=True,
    ),
    Column("Date prévue", lambda row: row.expected_on, lambda row: "", under=True),
    Column("Prévu", lambda row: row.planned_doses, _planned_cell, is_number=True),
    Column("Reçu", lambda row: row.received, lambda row: number(row.received), is_number=True),
    Column(
        "Personnes vaccinées (1re)",
        lambda row: row.vaccinated,
        lambda row: "",
        under=True,
    ),
    Column("État", lambda row: State(row.state).label, lambda row: badge(row.state)),
]


def lines_table(*, may_correct: bool) -> Table:
    """``may_correct``: each line of the page has a box to tick."""

    def name(row: SupplyLine) -> SafeString:
        return _name_cell(row, may_correct)

    recipient = Column("Destinataire", lambda row: row.recipient.name, name)
    return Table("lignes", "Lignes d’approvisionnement", [recipient, *PLACES, *DOSES])
