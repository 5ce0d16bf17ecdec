"""The tables of a share-out, each declared once: page and file cannot disagree."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from pui.models import PharmacyShare, ShareOut
from pui.region.donor_table import name_cell
from pui.region.figures import days_text, quantity_text
from pui.region.tables import badge, moment, pui_columns
from pui.sharing import texts
from pui.sharing.board import RegionRow

INPUT = (
    '<input class="fr-input partage-saisie{}" type="text" inputmode="numeric" maxlength="12"'
    ' autocomplete="off" name="q-{}" id="q-{}" value="{}" data-share aria-label="Quantité, {}">'
    '<input type="hidden" name="seen-{}" value="{}">'
)


def region_table(share_out: ShareOut) -> Table:
    """One line for each region."""
    columns = [
        Column("Région", lambda row: row.name, lambda row: _region_name(share_out, row)),
        Column("Total", lambda row: row.total, lambda row: format_integer(row.total), True),
        Column("Réparti", lambda row: row.given, _given_cell, True),
        Column("Reste", lambda row: row.left, lambda row: "", under=True),
        Column("PUI servies", lambda row: row.served, _served_cell, True),
        Column("PUI non servables", lambda row: row.blocked, lambda row: "", under=True),
        Column(
            "Couverture avant (jours)",
            lambda row: row.days_before,
            lambda row: days_text(row.days_before),
            True,
        ),
        Column(
            "Couverture après (jours)",
            lambda row: row.days_after,
            lambda row: days_text(row.days_after),
            True,
        ),
        Column("Où en est l’ARS", _state_value, lambda row: _state_cell(share_out, row)),
    ]
    if share_out.published_at:
        columns.append(
            Column("Réceptions confirmées", lambda row: row.confirmed, _confirmed_cell, True)
        )
    return Table("regions", "Répartition par région", columns)


def _region_name(share_out: ShareOut, row: RegionRow) -> SafeString:
    if not row.code:
        return format_html("<strong>{}</strong>", row.name)
    address = reverse("pui:sharing_region", args=[share_out.pk, row.code])
    return format_html('<a href="{}"><strong>{}</strong></a>', address, row.name)


def _given_cell(row: RegionRow) -> SafeString | str:
    if not row.left:
        return format_integer(row.given)
    return format_html("{}" + UNDER, format_integer(row.given), f"reste {format_integer(row.left)}")


def _served_cell(row: RegionRow) -> SafeString | str:
    if not row.blocked:
        return format_integer(row.served)
    said = f"{format_integer(row.blocked)} non servable{'s' if row.blocked > 1 else ''}"
    return format_html("{}" + UNDER, format_integer(row.served), said)


def _state_value(row: RegionRow) -> str:
    if row.share is None:
        return "pas d’ARS"
    if not row.total:
        return "rien à répartir"
    return "terminé" if row.done_at else "en cours"


def _state_cell(share_out: ShareOut, row: RegionRow) -> SafeString | str:
    if row.share is None or row.done_at is None:
        is_ended = not share_out.is_adjusting and row.total and row.share
        return "publié sans attendre" if is_ended else _state_value(row)
    return format_html("Terminé" + UNDER, f"{row.share.done_by}, le {moment(row.done_at)}")


def _confirmed_cell(row: RegionRow) -> SafeString | str:
    said = f"{format_integer(row.confirmed)} sur {format_integer(row.served)}"
    if not row.differing:
        return said
    gaps = f"{row.differing} écart{'s' if row.differing > 1 else ''}"
    return format_html("{}" + UNDER, said, gaps)


def pharmacy_table(
    share_out: ShareOut, *, with_region: bool = False, typed: dict[int, str] | None = None
) -> Table:
    """One line for each pharmacy; ``typed`` makes fields of the quantities, with those values."""
    columns = [
        Column("PUI", lambda row: row.pui.label, lambda row: name_cell(row.pui)),
        *pui_columns(lambda row: row.pui),
        Column(
            "Couverture déclarée (jours)",
            texts.days_before,
            _cover_cell,
            is_number=True,
        ),
        Column("Stock", lambda row: row.stock, lambda row: "", under=True),
        Column("Conso / jour", lambda row: row.daily, lambda row: "", under=True),
        Column("Proposé", lambda row: row.proposed, _proposed_cell, is_number=True),
        Column("Quantité", lambda row: row.quantity, _quantity_cell(typed), is_number=True),
        Column(
            "Couverture après (jours)",
            texts.days_after,
            lambda row: days_text(texts.days_after(row)) if row.may_be_served else "–",
            is_number=True,
        ),
        Column("Pourquoi", texts.reason_text, _reason_cell),
    ]
    if with_region:
        columns.insert(1, Column("Région", _region_value, _region_value, under=True))
    if share_out.published_at:
        columns += RECEPTION
    return Table("pui", "Répartition par PUI", columns)


def _region_value(row: PharmacyShare) -> str:
    return row.regional.region.name if row.regional else ""


def _cover_cell(row: PharmacyShare) -> SafeString | str:
    if row.stock is None:
        return "–"
    at = texts.level_before(row)
    parts = f"{quantity_text(row.stock)} ÷ {quantity_text(row.daily)} par jour"
    days = texts.days_before(row)
    shown = format_html("{} ", days_text(days)) if days is not None else ""
    return format_html("{}{}" + UNDER, shown, badge(at), parts)


def _proposed_cell(row: PharmacyShare) -> str:
    return format_integer(row.proposed) if row.may_be_served else "–"


def _quantity_cell(typed: dict[int, str] | None) -> Any:
    def cell(row: PharmacyShare) -> SafeString | str:
        if typed is None or row.pk not in typed:
            return quantity_cell(row)
        value = typed[row.pk]
        is_other = value != str(row.quantity)
        css = " partage-saisie--change" if is_other else ""
        name = row.pui.label
        field = format_html(INPUT, css, row.pk, row.pk, value, name, row.pk, row.quantity)
        if not is_other:
            return field
        return format_html("{}" + UNDER, field, f"enregistré\u00a0: {format_integer(row.quantity)}")

    return cell


def quantity_cell(row: PharmacyShare) -> SafeString | str:
    if not row.may_be_served:
        return "–"
    if row.quantity == row.proposed:
        return format_integer(row.quantity)
    return format_html("<strong>{}</strong>", format_integer(row.quantity))


def _reason_cell(row: PharmacyShare) -> SafeString | str:
    """Why, and below who changed it."""
    if row.changed_at is None:
        return texts.reason_text(row)
    said = f"Changée par {row.changed_by}, le {moment(row.changed_at)}"
    return format_html("{}" + UNDER, texts.reason_text(row), said)


def _received_cell(row: PharmacyShare) -> SafeString | str:
    if row.received_quantity is None:
        return "pas encore" if row.quantity else "–"
    when = f"le {row.received_on:%d/%m}" if row.received_on else ""
    said = " · ".join(filter(None, [when, row.received_comment]))
    return format_html("{}" + UNDER, format_integer(row.received_quantity), said)


RECEPTION = [
    Column("Reçu", lambda row: row.received_quantity, _received_cell, is_number=True),
    Column("Reçu le", lambda row: row.received_on, lambda row: "", under=True),
    Column("Commentaire", lambda row: row.received_comment, lambda row: "", under=True),
]
