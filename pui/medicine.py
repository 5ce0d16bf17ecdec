"""Which medicine somebody means: a UCD, or a whole « UCD de référence » of the followed list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from common.numbers import format_integer
from medications.models import MonitoredList, Product, ReferenceProduct
from pui.region.catalogue import Catalogue, read_catalogue

LISTED: Final = MonitoredList.Slug.OTHERS
UNIT: Final = "unité"  # of what has no name of its own, or several


@dataclass(frozen=True, slots=True)
class Medicine:
    """One of the two at least; ``unit`` is what is counted (ampoule, flacon)."""

    product: Product | None
    reference: ReferenceProduct | None
    unit: str

    @property
    def label(self) -> str:
        return str(self.product or self.reference)

    @property
    def product_ids(self) -> list[int]:
        """All that replaces it in a ward, what maPUI sends of the whole included."""
        if self.reference is not None:
            rows = Product.objects.filter(reference=self.reference)
            return list(rows.order_by("pk").values_list("pk", flat=True))
        return [self.product.pk] if self.product else []


def followed_catalogue(day: date) -> Catalogue:
    """Without what maPUI calls the same reference products: nobody asks for a « virtuel »."""
    whole = read_catalogue(LISTED, day)
    virtual = set(
        Product.objects.filter(pk__in=whole.items, kind=Product.Kind.VIRTUAL).values_list(
            "pk", flat=True
        )
    )
    return Catalogue({pk: item for pk, item in whole.items.items() if pk not in virtual})


def names_offered(day: date) -> list[str]:
    """For a field that helps while typing: the reference products, then the UCDs."""
    catalogue = followed_catalogue(day)
    labels = sorted({one.label for one in catalogue.items.values()} - set(catalogue.references))
    return [*catalogue.references, *labels]


def find_medicine(text: str, day: date) -> Medicine | None:
    """What a name, a code or the beginning of one name only stands for; None: nothing, or two."""
    plain = " ".join(text.split()).casefold()
    if not plain:
        return None
    catalogue = followed_catalogue(day)
    found = _matching(catalogue, plain)
    if found is None:
        return None
    product_id, is_reference = found
    product = Product.objects.select_related("reference").get(pk=product_id)
    return Medicine(
        product=None if is_reference and product.reference else product,
        reference=product.reference,
        unit=catalogue.units(_sisters(catalogue, product_id)),
    )


def _matching(catalogue: Catalogue, plain: str) -> tuple[int, bool] | None:
    """The product, and whether its whole reference was named."""
    names: dict[str, tuple[int, bool]] = {}
    for pk, item in sorted(catalogue.items.items(), reverse=True):
        names[item.label.casefold()] = names[item.code.casefold()] = (pk, False)
    for pk, item in sorted(catalogue.items.items(), reverse=True):
        names[item.reference.casefold()] = (pk, True)
    if plain in names:
        return names[plain]
    begun = [found for name, found in names.items() if name.startswith(plain)]
    return begun[0] if len(begun) == 1 else None


def _sisters(catalogue: Catalogue, product_id: int) -> Sequence[int]:
    reference = catalogue.items[product_id].reference
    return catalogue.ids_where(lambda one: one.reference == reference)


def quantity_of(quantity: int, unit: str) -> str:
    """« 1 200 ampoules », « 1 flacon »."""
    word = units_word(unit) if quantity >= 2 else unit or UNIT
    return f"{format_integer(quantity)}\u00a0{word}"


def units_word(unit: str) -> str:
    """« ampoules »: several of what is counted."""
    word = unit or UNIT
    return word if word[-1] in "sxz" else f"{word}s"
