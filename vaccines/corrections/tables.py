"""The tables of those who follow the lines, each declared once for its page and its file."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from vaccines.looks import badge
from vaccines.models import SupplyLine
from vaccines.states import State

BOX = (
    '<div class="fr-checkbox-group fr-checkbox-group--sm vac-coche">'
    '<input type="checkbox" id="ligne-{0}" name="ligne" value="{0}">'
    '<label class="fr-label" for="ligne-{0}"><span class="fr-sr-only">Choisir {1}</span></label>'
    "</div>"
)


def number(value: int | None) -> str:
    """Blank is not 0."""
    return "–" if value is None else format_integer(value)


def day_text(day: date) -> SafeString:
    """Never cut in two by a narrow column."""
    return format_html('<span class="app-nb">{}</span>', f"{day:%d/%m/%Y}")


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


def _pharmacy_cell(row: SupplyLine) -> SafeString | str:
    """Its site too, unless its own name says it."""
    site = row.pui.establishment.name
    if site.casefold() in row.pui.label.casefold():
        return str(row.pui.label)
    return format_html("{}" + UNDER, row.pui.label, site)


def _wave_cell(row: SupplyLine) -> SafeString:
    under = f"{row.wave.delivers_on:%d/%m/%Y} · {origin_text(row)}"
    return format_html("{}" + UNDER, row.wave.label, under)


def _planned_cell(row: SupplyLine) -> Any:
    if row.planned_doses is None:
        return "–"
    day = f"le {row.expected_on:%d/%m/%Y}" if row.expected_on else "date à confirmer"
    return format_html("{}" + UNDER, number(row.planned_doses), day)


def _received_cell(row: SupplyLine) -> Any:
    if row.vaccinated is None:
        return number(row.received)
    return format_html("{}" + UNDER, number(row.received), f"{number(row.vaccinated)} vaccinées")


def _state_cell(row: SupplyLine) -> SafeString:
    """With the way to the report that waits for an answer: beside what corrects the line."""
    waiting = getattr(row, "report", None)
    if waiting is None:
        return badge(State(row.state))
    address = reverse("vaccines:line_report", args=[waiting])
    return format_html(
        '{}<a class="app-sous" href="{}">Signalée</a>', badge(State(row.state)), address
    )


def filed(header: str, value: Any) -> Column:
    """In the file alone: the page says it elsewhere, or has no room."""
    return Column(header, value, lambda row: "", under=True)


def doses(header: str, name: str, cell: Any = None) -> Column:
    def value(row: SupplyLine) -> Any:
        return getattr(row, name)

    return Column(header, value, cell or (lambda row: number(value(row))), is_number=True)


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
    filed("FINESS de la PUI", lambda row: row.pui.establishment.finess),
    Column("Vague", lambda row: row.wave.label, _wave_cell),
    filed("Vaccin", lambda row: row.wave.vaccine.label),
    filed("Livraison de la vague", lambda row: row.wave.delivers_on),
    filed("Provenance", lambda row: origin_text(row)),
]
DOSES = [
    doses("1res injections", "first_doses"),
    doses("2es injections", "second_doses"),
    filed("Commentaire", lambda row: row.comment),
    filed("Date prévue", lambda row: row.expected_on),
    doses("Prévu", "planned_doses", _planned_cell),
    filed("Flacons", lambda row: getattr(row, "vials", None)),
    filed("Expédiée le", lambda row: row.shipped_on),
    filed("Doses expédiées", lambda row: row.shipped_doses),
    doses("Reçu", "received", _received_cell),
    filed("Personnes vaccinées (1re)", lambda row: row.vaccinated),
    filed("Motif de l’écart", lambda row: row.gap_reason),
    Column("État", lambda row: State(row.state).label, _state_cell),
]


def lines_table(*, may_correct: bool) -> Table:
    """``may_correct``: each line of the page has a box to tick."""

    def name(row: SupplyLine) -> SafeString:
        return _name_cell(row, may_correct)

    recipient = Column("Destinataire", lambda row: row.recipient.name, name)
    return Table("lignes", "Lignes d’approvisionnement", [recipient, *PLACES, *DOSES])
