"""The table of the requests for help, for the page and for the file."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.cover import days_of_cover
from medications.thresholds import level_of
from pui.medicine import quantity_of
from pui.models import HelpRequest
from pui.region.figures import days_text, quantity_text
from pui.region.tables import badge, moment, pui_columns


def help_table(*, with_region: bool = False) -> Table:
    columns = [
        Column("Produit", lambda row: row.label, _name_cell),
        Column("PUI", lambda row: row.pui.label, under=True),
        *pui_columns(lambda row: row.pui),
        Column(
            "Quantité demandée",
            lambda row: row.quantity,
            lambda row: quantity_of(row.quantity, row.unit),
            is_number=True,
        ),
        Column("Couverture (jours)", cover_of, cover_cell, is_number=True),
        Column("Stock", lambda row: row.stock, lambda row: "", under=True),
        Column("Conso / jour", lambda row: row.daily, lambda row: "", under=True),
        Column("Pour quand", lambda row: row.get_urgency_display(), _urgency_cell),
        Column("Motif", lambda row: row.reason),
        Column("État", lambda row: row.get_state_display(), _state_cell),
        Column("Réponse", lambda row: row.answer, lambda row: "", under=True),
    ]
    if with_region:
        columns.insert(4, Column("Région", lambda row: str(row.pui.establishment.region or "")))
    return Table("demandes", "Demandes d’aide", columns)


def cover_of(row: HelpRequest) -> object:
    """Days of cover on the day of the request."""
    return days_of_cover(row.stock, row.daily)


def cover_cell(row: HelpRequest) -> SafeString | str:
    if row.stock is None:
        return "non déclaré"
    days = days_of_cover(row.stock, row.daily)
    parts = f"{quantity_text(row.stock)} ÷ {quantity_text(row.daily)} par jour"
    shown = f"{days_text(days)} " if days is not None else ""
    return format_html(
        "{}{}" + UNDER, shown, badge(level_of(row.stock, row.daily, row.declared_on)), parts
    )


def _name_cell(row: HelpRequest) -> SafeString:
    address = reverse("pui:help_request", args=[row.pk])
    return format_html('<a href="{}"><strong>{}</strong></a>', address, row.label)


def _urgency_cell(row: HelpRequest) -> SafeString:
    said = f"Demandée le {moment(row.asked_at)}"
    return format_html("{}" + UNDER, row.get_urgency_display(), said)


def _state_cell(row: HelpRequest) -> SafeString | str:
    state = row.get_state_display().capitalize()
    if row.answered_at is None:
        return state
    said = f"{row.answered_by}, le {moment(row.answered_at)}\u00a0: {row.answer}"
    return format_html("{}" + UNDER, state, said)
