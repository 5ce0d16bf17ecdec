"""What each warehouse holds of each product, for who reads the State stock."""

from django.db.models import QuerySet
from django.utils.timezone import localtime

from accounts.models import User
from common.columns import Column, Table
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.models import Stock


def held_rows(user: User) -> QuerySet[Stock]:
    rows: QuerySet[Stock] = Stock.objects.for_user(user, to=Action.STOCK_STATE)
    return rows.select_related("product__item", "holder").order_by(
        "product__item__rank", "product__rank", "product", "holder__name"
    )


def held_table() -> Table:
    return Table(
        "produits",
        "Stock par produit et par entrepôt",
        [
            Column("Produit", lambda row: str(row.product)),
            Column("Référence", lambda row: row.product.code, under=True),
            Column("Équipement", lambda row: str(row.product.item)),
            Column("Entrepôt", lambda row: str(row.holder)),
            Column(
                "Disponible (unités)",
                lambda row: row.available,
                lambda row: format_integer(row.available),
                is_number=True,
            ),
            Column(
                "Réservé (unités)",
                lambda row: row.reserved,
                lambda row: format_integer(row.reserved),
                is_number=True,
            ),
            Column(
                "Palettes",
                pallets,
                lambda row: "–" if (found := pallets(row)) is None else format_integer(found),
                is_number=True,
            ),
            Column("Dernier état reçu", _counted, is_number=False),
        ],
    )


def pallets(row: Stock) -> int | None:
    """Units ÷ units of a pallet, rounded up; None where the catalogue does not tell them."""
    per_pallet = row.product.units_per_pallet
    return -(-(row.available + row.reserved) // per_pallet) if per_pallet else None


def _counted(row: Stock) -> str:
    return f"{localtime(row.counted_at):%d/%m/%Y %H:%M}" if row.counted_at else "jamais"
