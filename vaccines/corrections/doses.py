"""Doses on hand, as the pharmacies last declared them; lots received that expire soon."""

from datetime import date, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from accounts.models import User
from common.columns import Column, Table
from common.cover import days_of_cover
from establishments.perimeter import Action
from pui.models import LatestStock
from pui.region.figures import days_text, quantity_text
from pui.region.tables import pui_columns
from vaccines.corrections.tables import number
from vaccines.models import Reception, Vaccine

SOON: Final = timedelta(days=30)


def doses_on_hand(user: User) -> QuerySet[LatestStock]:
    """The last declared stock of each vaccine that waves deliver, the largest first."""
    products = Vaccine.objects.order_by().values("product")
    rows = LatestStock.objects.for_user(user, to=Action.VAC_STOCK_READ)
    related = ("product", "pui__establishment__department")
    found: QuerySet[LatestStock] = rows.filter(product__in=products).select_related(*related)
    return found.order_by(F("stock").desc(nulls_last=True), "pui__sort_label", "product")


def expiring_lots(user: User, today: date) -> QuerySet[Reception]:
    """Received, and over within ``SOON``; those already over for less than that too."""
    near = Q(expires_on__lte=today + SOON, expires_on__gte=today - SOON)
    rows = Reception.objects.for_user(user, to=Action.VAC_READ).filter(near)
    related = ("line__pui__establishment__department", "line__recipient", "line__wave__vaccine")
    found: QuerySet[Reception] = rows.filter(line__removed_at__isnull=True)
    return found.select_related(*related).order_by("expires_on", "lot", "pk")


def stock_table() -> Table:
    return Table(
        "stock",
        "Doses en stock",
        [
            Column("PUI", lambda row: row.pui.label),
            *pui_columns(lambda row: row.pui),
            Column("Vaccin", lambda row: row.product.label),
            Column(
                "Doses en stock",
                lambda row: row.stock,
                lambda row: quantity_text(row.stock),
                is_number=True,
            ),
            Column(
                "Doses par jour",
                lambda row: row.daily,
                lambda row: quantity_text(row.daily),
                is_number=True,
            ),
            Column(
                "Couverture (jours)",
                lambda row: days_of_cover(row.stock, row.daily),
                lambda row: days_text(days_of_cover(row.stock, row.daily)),
                is_number=True,
            ),
            Column("Échéance", lambda row: row.due_on, lambda row: f"{row.due_on:%d/%m/%Y}"),
        ],
    )


def lots_table(today: date) -> Table:
    def left(row: Reception) -> int:
        return (row.expires_on - today).days if row.expires_on else 0

    return Table(
        "peremptions",
        "Lots à péremption proche",
        [
            Column("PUI", lambda row: row.line.pui.label),
            *pui_columns(lambda row: row.line.pui),
            Column("Destinataire", lambda row: row.line.recipient.name),
            Column("Vaccin", lambda row: row.line.wave.vaccine.label),
            Column("Lot", lambda row: row.lot or "non dit"),
            Column(
                "Péremption", lambda row: row.expires_on, lambda row: f"{row.expires_on:%d/%m/%Y}"
            ),
            Column("Reste", left, lambda row: left_text(left(row)), is_number=True),
            Column(
                "Doses reçues", lambda row: row.doses, lambda row: number(row.doses), is_number=True
            ),
        ],
    )


def left_text(days: int) -> str:
    if days < 0:
        return "périmé"
    return "aujourd’hui" if days == 0 else f"{days}\u00a0j"
