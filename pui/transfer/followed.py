"""What the lines of a declaration are compared with: the list on its due day, the last stocks."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from medications.models import MonitoredList, Monitoring, Priority, Product, ReferenceProduct
from pui.models import LatestStock, Pui
from pui.transfer.shapes import Before

VIRTUAL = Product.Kind.VIRTUAL
WITH_SUBSTANCES = ("product__substance", "product__reference__substance")


@dataclass(slots=True)
class Followed:
    """The products of a list that a declaration may hold, in the order of its page.

    For what maPUI sends, they are its « médicaments virtuels », one per reference product [001].
    """

    monitored_list: MonitoredList
    due_on: date
    products: list[Product]
    priorities: dict[int, Priority]
    before: dict[int, Before]
    by_code: dict[str, Product] = field(init=False)
    by_id: dict[int, Product] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {product.code: product for product in self.products}
        self.by_id = {product.pk: product for product in self.products}


def followed_by(
    monitored_list: MonitoredList, pui: Pui, due_on: date, *, is_virtual: bool = False
) -> Followed:
    """Read the list and the last stocks of the pharmacy: a constant number of statements."""
    rows = list(Monitoring.objects.of(monitored_list, due_on).select_related(*WITH_SUBSTANCES))
    priorities = {row.product_id: Priority(row.priority) for row in rows}
    products = [row.product for row in rows if row.product.kind != VIRTUAL]
    if is_virtual:
        urgent = most_urgent(products, priorities)
        products = virtual_products(products)
        priorities = {one.pk: urgent[one.reference_id] for one in products}
    before = last_stocks(pui, [product.pk for product in products])
    return Followed(monitored_list, due_on, products, priorities, before)


def virtual_products(products: Collection[Product]) -> list[Product]:
    """One « médicament virtuel » for each reference product followed, made when first received."""
    references = list(
        {one.reference_id: one.reference for one in products if one.reference}.values()
    )
    known = read_virtual(references)
    if missing := [one for one in references if one.pk not in known]:
        Product.objects.bulk_create(map(virtual_of, missing), ignore_conflicts=True)
        known = read_virtual(references)
    return [known[one.pk] for one in references]


def read_virtual(references: Collection[ReferenceProduct]) -> dict[int, Product]:
    rows = Product.objects.filter(kind=VIRTUAL, reference__in=references)
    found = rows.select_related("substance", "reference__substance").order_by("-pk")
    return {one.reference_id: one for one in found if one.reference_id is not None}


def virtual_of(reference: ReferenceProduct) -> Product:
    return Product(
        code=f"MV{reference.pk}",
        kind=VIRTUAL,
        label=reference.label,
        substance_id=reference.substance_id,
        reference=reference,
        strength=reference.strength,
        source="maPUI",
    )


def most_urgent(
    products: Collection[Product], priorities: dict[int, Priority]
) -> dict[int | None, Priority]:
    """The priority of a reference product: that of its most urgent UCD."""
    found: dict[int | None, Priority] = {}
    for one in products:
        held = found.get(one.reference_id, Priority.NORMAL)
        found[one.reference_id] = min(held, priorities[one.pk])
    return found


def last_stocks(pui: Pui, products: Collection[int]) -> dict[int, Before]:
    rows = LatestStock.objects.filter(pui=pui, product__in=products)
    found = rows.values_list("product_id", "due_on", "stock", "daily")
    return {product: Before(day, stock, daily) for product, day, stock, daily in found}
