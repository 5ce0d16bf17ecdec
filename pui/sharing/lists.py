"""The lists of share-outs, as each role sees them."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from pui.medicine import quantity_of
from pui.models import PharmacyShare, RegionalShare, ShareOut
from pui.region.tables import moment, pui_columns


def _link(address: str, text: object) -> SafeString:
    return format_html('<a href="{}"><strong>{}</strong></a>', address, text)


def _state(share_out: ShareOut) -> str:
    if share_out.published_at and share_out.is_published:
        return f"Publiée le {moment(share_out.published_at)}"
    return share_out.get_state_display().capitalize()


def national_table() -> Table:
    return Table(
        "repartitions",
        "Répartitions",
        [
            Column(
                "Produit",
                lambda row: row.label,
                lambda row: _link(reverse("pui:sharing_detail", args=[row.pk]), row.label),
            ),
            Column(
                "Quantité",
                lambda row: row.quantity,
                lambda row: quantity_of(row.quantity, row.unit),
                is_number=True,
            ),
            Column("État", _state),
            Column(
                "Ouverte",
                lambda row: row.opened_at,
                lambda row: format_html("{}" + UNDER, moment(row.opened_at), row.opened_by),
            ),
            Column("Ajustement jusqu’au", lambda row: row.closes_on, _closes),
            Column(
                "ARS qui ont terminé",
                lambda row: row.done,
                lambda row: f"{row.done} sur {row.taking_part}",
                is_number=True,
            ),
        ],
    )


def _closes(row: Any) -> str:
    return f"{row.closes_on:%d/%m/%Y}"


def regional_table() -> Table:
    def name_cell(row: RegionalShare) -> SafeString:
        address = reverse("pui:sharing_region", args=[row.share_out_id, row.region_id])
        return _link(address, row.share_out.label)

    return Table(
        "repartitions",
        "Répartitions de la région",
        [
            Column("Produit", lambda row: row.share_out.label, name_cell),
            Column("Région", lambda row: row.region.name, under=True),
            Column(
                "Total de la région",
                lambda row: row.total,
                lambda row: quantity_of(row.total, row.share_out.unit),
                is_number=True,
            ),
            Column("État", lambda row: _state(row.share_out)),
            Column(
                "Ajustement jusqu’au",
                lambda row: row.share_out.closes_on,
                lambda row: _closes(row.share_out),
            ),
            Column("Votre ajustement", _done_text),
        ],
    )


def _done_text(row: RegionalShare) -> str:
    if row.done_at:
        return f"Terminé par {row.done_by}, le {moment(row.done_at)}"
    if not row.total:
        return "Rien à répartir"
    return "À terminer" if row.share_out.is_adjusting else "Non terminé"


def received_table() -> Table:
    return Table(
        "receptions",
        "Ce que vos PUI reçoivent",
        [
            Column(
                "Produit",
                lambda row: row.share_out.label,
                lambda row: _link(
                    reverse("pui:sharing_receive", args=[row.pk]), row.share_out.label
                ),
            ),
            Column("PUI", lambda row: row.pui.label, under=True),
            pui_columns(lambda row: row.pui)[0],
            Column(
                "À recevoir",
                lambda row: row.quantity,
                lambda row: quantity_of(row.quantity, row.share_out.unit),
                is_number=True,
            ),
            Column(
                "Publiée",
                lambda row: row.share_out.published_at,
                lambda row: moment(row.share_out.published_at),
            ),
            Column("Réception", _reception_text),
        ],
    )


def _reception_text(row: PharmacyShare) -> str:
    if row.share_out.is_cancelled:
        return "Annulée"
    if not row.quantity and row.received_quantity is None:
        return "Rien à recevoir"
    if row.received_quantity is None or row.received_on is None:
        return "À confirmer"
    received = format_integer(row.received_quantity)
    return f"Reçu {received} le {row.received_on:%d/%m/%Y}, par {row.confirmed_by}"
