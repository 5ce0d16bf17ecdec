"""The catalogue is kept: a product added, described otherwise, closed; its price from a day on.

The national cell keeps the products of the State, a supplier its own, each its own alone.
"""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from epi_stocks.models import EpiItem
from journal.services import record
from orders.consortium.reach import Shelf, shelf_of
from orders.consortium.tariffs import TAX_RATES, Tariff, tariffs_on
from orders.models import Order, OrderLine, Product, ProductPrice
from orders.services.errors import OrderingError

CHANGED = "Quelqu’un vient de changer ce produit\u00a0: ses valeurs actuelles sont écrites à côté."


class ProductChangedError(OrderingError):
    """Somebody wrote since the form was shown."""

    def __init__(self, product: Product) -> None:
        super().__init__(f"{CHANGED} Relisez, puis enregistrez de nouveau.")
        self.product = product


@dataclass(frozen=True, slots=True)
class Described:
    """A product as it is typed, but for its price, which has dates."""

    code: str
    label: str
    item: EpiItem
    units_per_pack: int
    kind: str = ""
    size: str = ""
    pictogram: str = ""
    pack_label: str = "carton"
    units_per_pallet: int | None = None
    delay_days: int = 5
    rank: int = 0
    is_open: bool = True

    @classmethod
    def of(cls, product: Product) -> "Described":
        return cls(**{name: getattr(product, name) for name in cls.__slots__})

    @property
    def mark(self) -> str:
        """What a form carries, to know whether somebody wrote since."""
        return "|".join(str(value) for value in self.told().values())

    def told(self) -> dict[str, str | int | bool | None]:
        """For the journal."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"item": str(self.item)}


def require_shelf(by: User) -> Shelf:
    shelf = shelf_of(by)
    if shelf is None:
        raise OrderingError("Le profil que vous utilisez ne tient pas de catalogue.")
    return shelf


@transaction.atomic
def add_product(*, by: User, described: Described, tariff: Tariff | None = None) -> Product:
    """Put a product in the catalogue that one keeps, with its first price when it is sold."""
    shelf = require_shelf(by)
    if shelf.is_paid is (tariff is None):
        raise OrderingError("Un produit vendu a un prix\u00a0; ceux de l’État n’en ont pas.")
    product = Product(source=shelf.source, supplier=shelf.supplier)
    if tariff is not None:
        require_tariff(tariff)
        product.price, product.tax_rate = tariff.price, tariff.tax_rate
    _write(product, described)
    price = {"price": str(tariff.price)} if tariff else {}
    record("orders.product_added", by=by, target=product, after=described.told() | price)
    return product


@transaction.atomic
def change_product(*, by: User, product: Product, described: Described, seen: str) -> Product:
    """Describe it otherwise, or close it; ``seen``: the mark of what was shown."""
    row = _locked(by, product)
    before = Described.of(row)
    if seen != before.mark:
        raise ProductChangedError(row)
    if before == described:
        return row
    _require_same_packs(row, described)
    _write(row, described)
    told, now = before.told(), described.told()
    names = [name for name in told if told[name] != now[name]]
    record(
        "orders.product_changed",
        by=by,
        target=row,
        before={name: told[name] for name in names},
        after={name: now[name] for name in names},
    )
    return row


def _locked(by: User, product: Product) -> Product:
    rows = require_shelf(by).products.filter(pk=product.pk)
    found: Product | None = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise OrderingError("Ce produit n’est pas de votre catalogue.")
    return found


def _require_same_packs(product: Product, described: Described) -> None:
    """Orders count whole packs and their price is a pack's: neither changes under them."""
    changed = (product.units_per_pack, product.item_id) != (
        described.units_per_pack,
        described.item.pk,
    )
    lines = OrderLine.objects.filter(product=product).exclude(order__state=Order.State.DRAFT)
    if changed and lines.exists():
        raise OrderingError(
            "Ce produit a déjà été commandé\u00a0: son équipement et son conditionnement ne "
            "changent plus. Fermez-le, et créez une autre référence."
        )


def _write(product: Product, described: Described) -> None:
    for name in Described.__slots__:
        setattr(product, name, getattr(described, name))
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError as error:
        raise OrderingError(
            f"La référence «\u00a0{described.code}\u00a0» est déjà celle d’un autre produit."
        ) from error


@transaction.atomic
def set_price(
    *, by: User, product: Product, tariff: Tariff, starts_on: date, today: date | None = None
) -> ProductPrice:
    """Another price or tax from a day on, today at the earliest: the past does not change."""
    row, today = _locked(by, product), today or timezone.localdate()
    if row.price is None:
        raise OrderingError("Les produits de l’État sont gratuits.")
    if starts_on < today:
        raise OrderingError(
            f"Un prix ne change pas dans le passé\u00a0: choisissez le {today:%d/%m/%Y} ou après."
        )
    require_tariff(tariff)
    before = tariffs_on(starts_on, [row])[row.pk]
    if before == tariff:
        raise OrderingError(f"C’est déjà le prix du {starts_on:%d/%m/%Y}\u00a0: rien ne change.")
    values = {"price": tariff.price, "tax_rate": tariff.tax_rate, "set_by": by}
    found, _ = ProductPrice.objects.update_or_create(
        product=row, starts_on=starts_on, defaults=values
    )
    record(
        "orders.price_set",
        by=by,
        target=row,
        starts_on=starts_on.isoformat(),
        before=_told(before),
        after=_told(tariff),
    )
    return found


def require_tariff(tariff: Tariff) -> None:
    """What is sold costs something, and is taxed at a rate of the law (CGI, art. 278 and after)."""
    refused = tariff_refusal(tariff)
    if refused:
        raise OrderingError(" ".join(refused.values()))


def tariff_refusal(tariff: Tariff) -> dict[str, str]:
    """Why a price cannot be, by field."""
    told = {}
    if tariff.price <= 0:
        told["price"] = "Un produit vendu a un prix\u00a0: plus de 0\u00a0€."
    if tariff.tax_rate not in TAX_RATES:
        told["tax_rate"] = "Un taux de TVA est 20, 10, 5,5 ou 2,1\u00a0%."
    return told


def _told(tariff: Tariff) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(tariff).items()}


@transaction.atomic
def withdraw_price(
    *, by: User, product: Product, starts_on: date, today: date | None = None
) -> None:
    """Give up a price that has not begun: the one before goes on."""
    row = _locked(by, product)
    found = row.prices.filter(starts_on=starts_on).first()
    if found is None:
        return
    if starts_on <= (today or timezone.localdate()):
        raise OrderingError("Ce prix a commencé\u00a0: fixez-en un autre à partir d’un autre jour.")
    found.delete()
    told = {"price": str(found.price), "tax_rate": str(found.tax_rate)}
    day = starts_on.isoformat()
    record("orders.price_withdrawn", by=by, target=row, starts_on=day, before=told)
