"""What a due day becomes once published: summed by region and UCD de référence, then masked.

A pharmacy counts for a product when it declared both its stock and its consumption that very due
day: every figure of a line is of the same pharmacies. What maPUI sends of a whole reference never
counts beside the UCDs that it stands for.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from medications.models import MonitoredList, Product
from pui.models import OpenStock, Publication, StockLine, Transmission
from pui.open_data.columns import COUNTRY, WITHOUT_REGION
from pui.open_data.masking import Cell, Held, masked_regions, may_be_told, merged, total
from pui.region.catalogue import Catalogue, read_catalogue

CHUNK = 5_000
FIELDS = (
    "pui__establishment__region",
    "pui__establishment__legal_entity",
    "pui",
    "product",
    "stock",
    "daily",
)
Cells = dict[str, dict[int, Held]]  # by region, then by entity


def rows_of(publication: Publication) -> list[OpenStock]:
    """All the lines of a due day, masked where they must be."""
    monitored_list, due_on = publication.monitored_list, publication.due_on
    catalogue = read_catalogue(monitored_list.pk, due_on)
    by_product = cells_of(monitored_list, due_on, catalogue)
    ids: dict[str, list[int]] = defaultdict(list)
    for pk, item in catalogue.items.items():
        ids[item.reference].append(pk)
    return [
        OpenStock(
            publication=publication,
            region_code=code,
            product=product,
            substance=catalogue.items[ids[product][0]].substance,
            unit=catalogue.units(ids[product]),
            **figures,
        )
        for product, cells in sorted(by_product.items())
        for code, figures in told(cells)
    ]


def told(cells: dict[str, Cell] | Cells) -> Iterator[tuple[str, dict[str, object]]]:
    """Each region, then the country: its figures, or nothing of them."""
    country = merged(cells.values())
    is_total_told = may_be_told(country)
    masked = masked_regions(cells, is_total_told=is_total_told)
    for code, cell in sorted(cells.items()):
        yield code, figures_of(cell, is_masked=code in masked)
    yield COUNTRY, figures_of(country, is_masked=not is_total_told)


def figures_of(cell: Cell, *, is_masked: bool) -> dict[str, object]:
    if is_masked:
        return {"puis": None, "stock": None, "daily": None}
    whole = total(cell)
    return {"puis": whole.puis, "stock": whole.stock, "daily": whole.daily}


def cells_of(monitored_list: MonitoredList, due_on: date, catalogue: Catalogue) -> dict[str, Cells]:
    """By product, region and entity, what the pharmacies declared."""
    found: dict[str, Cells] = defaultdict(lambda: defaultdict(dict))
    for (region, entity, _, product), held in _by_pharmacy(
        monitored_list, due_on, catalogue
    ).items():
        cell = found[product][region]
        cell[entity] = cell[entity] + held if entity in cell else held
    return found


def _by_pharmacy(
    monitored_list: MonitoredList, due_on: date, catalogue: Catalogue
) -> dict[tuple[str, int, int, str], Held]:
    """What each pharmacy holds of each reference: of its UCDs, else of what maPUI told."""
    kinds = dict(Product.objects.filter(pk__in=catalogue.items).values_list("pk", "kind"))
    own: dict[tuple[str, int, int, str], Held] = {}
    virtual: dict[tuple[str, int, int, str], Held] = {}
    lines = StockLine.objects.filter(
        due_on=due_on,
        product__in=catalogue.items,
        stock__isnull=False,
        daily__isnull=False,
        transmission__monitored_list=monitored_list,
        transmission__state=Transmission.State.CONFIRMED,
    )
    for region, entity, pui, product, stock, daily in lines.values_list(*FIELDS).iterator(CHUNK):
        key = (region or WITHOUT_REGION, entity, pui, catalogue.items[product].reference)
        chosen = virtual if kinds[product] == Product.Kind.VIRTUAL else own
        before = chosen.get(key)
        stocked = before.stock if before else 0
        used = before.daily if before else 0
        chosen[key] = Held(1, stocked + stock, used + daily)
    return virtual | own
