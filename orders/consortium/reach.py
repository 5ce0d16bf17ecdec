"""Who writes which products: the national cell those of the State, a supplier its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from orders.models import Product, Source

CONSORTIUM = AdministrativeBody.Kind.CONSORTIUM


@dataclass(frozen=True, slots=True)
class Shelf:
    """The products that somebody keeps; ``supplier`` is None for those of the State."""

    supplier: AdministrativeBody | None

    @property
    def source(self) -> Source:
        return Source.CONSORTIUM if self.supplier else Source.STATE

    @property
    def is_paid(self) -> bool:
        return self.supplier is not None

    @property
    def products(self) -> Any:
        rows = Product.objects.filter(source=self.source, supplier=self.supplier)
        return rows.select_related("item", "supplier")


def shelf_of(user: User) -> Shelf | None:
    """Whose products the profile in use writes; None: nobody's."""
    held = user.perimeter_to(Action.CAT_WRITE)
    if held.is_national:
        return Shelf(None)
    supplier = body_of(held.operator_ids)
    return Shelf(supplier) if supplier else None


def seller_body(user: User) -> AdministrativeBody | None:
    """The supplier in whose name the profile in use issues invoices."""
    return body_of(user.perimeter_to(Action.INV_ISSUE).operator_ids)


def body_of(numbers: Iterable[int]) -> AdministrativeBody | None:
    rows = AdministrativeBody.objects.filter(pk__in=numbers, kind=CONSORTIUM)
    found: AdministrativeBody | None = rows.order_by("pk").first()
    return found
