"""A warehouse says what it has: free is what it counted, less what is kept and what left."""

from datetime import datetime

from django.db.models import Sum

from common.numbers import format_integer
from establishments.models import AdministrativeBody
from orders.logistics.shapes import StockCount
from orders.models import Product, Replenishment, ShipmentLine, Stock
from orders.services.shipping import ReportRefusedError, ReportTooEarlyError
from orders.services.stock_counters import count


def stocks_told(operator: AdministrativeBody, report: StockCount) -> dict[str, Stock]:
    """The locked rows of the products told, by reference; made where there was none."""
    codes = [line.produit for line in report.lignes]
    products = {one.code: one for one in Product.objects.filter(code__in=codes)}
    if unknown := [code for code in codes if code not in products]:
        raise ReportRefusedError(f"Le produit {unknown[0]} n’est pas au catalogue.")
    held = Stock.objects.filter(product__in=products.values(), holder=operator)
    missing = set(products.values()) - {one.product for one in held.select_related("product")}
    Stock.objects.bulk_create(
        [Stock(product=one, holder=operator) for one in missing], ignore_conflicts=True
    )
    rows = held.select_related("product").order_by("pk").select_for_update(of=["self"], no_key=True)
    return {one.product.code: one for one in rows}


def take_stock(operator: AdministrativeBody, stocks: dict[str, Stock], report: StockCount) -> None:
    """A count older than the last one is passed over. Fewer units than are kept: it waits."""
    for line in report.lignes:
        stock = stocks[line.produit]
        if stock.counted_at is not None and stock.counted_at >= report.le:
            continue
        free = line.quantite - stock.reserved - _left_since(stock, operator, report.le)
        if free < 0:
            raise ReportTooEarlyError(
                f"{line.produit}\u00a0: {format_integer(line.quantite)} unités comptées, il en "
                f"faudrait {format_integer(-free)} de plus pour ce qui est réservé. Une expédition "
                "n’est peut-être pas encore dite."
            )
        count(stock, available=free, counted_at=report.le, by=None)


def _left_since(stock: Stock, operator: AdministrativeBody, moment: datetime) -> int:
    """Units shipped after the count, or moved to the other warehouse, less those that came."""
    shipped = ShipmentLine.objects.filter(
        shipment__order__operator=operator,
        shipment__shipped_at__gt=moment,
        line__product=stock.product,
    )
    moved = Replenishment.objects.filter(product=stock.product)
    sent = moved.filter(source=operator, shipped_at__gt=moment)
    came = moved.filter(target=operator, received_at__gt=moment)
    return (
        _sum(shipped.aggregate(units=Sum("quantity")))
        + _sum(sent.aggregate(units=Sum("quantity")))
        - _sum(came.aggregate(units=Sum("received")))
    )


def _sum(found: dict[str, int | None]) -> int:
    return found["units"] or 0
