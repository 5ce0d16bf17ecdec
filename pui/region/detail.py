"""The full detail: one line for each pharmacy and product, as last declared, fresh or stale."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from common.columns import Column, Table
from common.cover import Level, days_of_cover
from medications.models import MonitoredList
from medications.thresholds import level_of
from pui.models import LatestStock, Pui
from pui.region.catalogue import Item
from pui.region.scope import Scope
from pui.region.tables import LINES, pui_columns
from pui.stock.freshness import is_fresh

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    pui: Pui
    item: Item
    due_on: date
    stock: Decimal | None
    daily: Decimal | None
    nearest_expiry: date | None
    told_at: datetime
    is_fresh: bool

    @property
    def level(self) -> Level:
        return level_of(self.stock, self.daily)


def read_lines(scope: Scope) -> Iterator[Line]:
    """Those of the pharmacies and products in view, read by parts."""
    puis = {one.pk: one for one in scope.puis().select_related("establishment")}
    found = LatestStock.objects.filter(pui__in=puis, product__in=scope.product_ids)
    rows = found.order_by("pui", "product").values_list(
        "pui_id", "product_id", "due_on", "stock", "daily", "nearest_expiry", "transmitted_at"
    )
    for pui_id, product_id, due_on, stock, daily, expiry, told_at in rows.iterator(
        chunk_size=CHUNK
    ):
        line = Line(
            puis[pui_id],
            scope.catalogue.items[product_id],
            due_on,
            stock,
            daily,
            expiry,
            told_at,
            is_fresh(due_on, scope.required),
        )
        if not scope.levels or line.level in scope.levels:
            yield line


OF_MEDICINES = [
    Column("UCD de référence", lambda line: line.item.reference),
    Column("DCI", lambda line: line.item.substance),
    Column("Priorité", lambda line: line.item.priority),
]


def detail_of(monitored_list: MonitoredList) -> Table:
    """Devices have a code of their own, and neither UCD, DCI nor priority."""
    columns = [
        Column("PUI", lambda line: line.pui.label),
        *pui_columns(lambda line: line.pui),
        Column("Région", lambda line: line.pui.establishment.region_id or ""),
        Column(monitored_list.words.code, lambda line: line.item.code),
        Column("Libellé", lambda line: line.item.label),
        *([] if monitored_list.is_devices else OF_MEDICINES),
        Column("Unité", lambda line: line.item.unit),
        Column("Stock", lambda line: line.stock),
        Column("Conso / jour", lambda line: line.daily),
        Column("Couverture (jours)", lambda line: days_of_cover(line.stock, line.daily)),
        Column("Classe", lambda line: str(line.level.label)),
        Column("Péremption la plus proche", lambda line: line.nearest_expiry),
        Column("Échéance", lambda line: line.due_on),
        Column("Transmis le", lambda line: line.told_at),
        Column("À jour", lambda line: "oui" if line.is_fresh else "non"),
    ]
    return Table(LINES, "Détail des stocks", columns)
