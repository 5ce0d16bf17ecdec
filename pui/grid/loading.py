"""Read a grid, in a number of statements that does not depend on its lines."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from medications.calendar import calendar_of
from medications.models import MonitoredList, Monitoring, Priority, Product
from pui.grid.shapes import MEASURES, Cell, Content, Grid, Key, Row, Values
from pui.models import DraftCell, Pui, StockLine, Transmission
from pui.services.storing import reopened_until

CONFIRMED = Transmission.State.CONFIRMED
FIELDS = ("product_id", "stock", "daily", "nearest_expiry")  # in the order of MEASURES


def load_grid(pui: Pui, monitored_list: MonitoredList, due_on: date, now: datetime) -> Grid:
    """Read what is typed, what is in force and what was declared before.

    Raise ``NotDueError`` for a day on which nothing is due.
    """
    period = calendar_of(monitored_list).period(due_on)
    asked = Transmission(pui=pui, monitored_list=monitored_list, due_on=due_on)
    grid = Grid(pui, monitored_list, period, reopened_until=reopened_until(asked))
    grid.is_open = pui.is_open and period.is_open(now, grid.reopened_until)
    grid.in_force = in_force_at(pui, monitored_list, due_on)
    values = declared_by(grid.in_force)
    previous = before(pui, monitored_list, due_on)
    grid.previous_on = previous.due_on if previous else None
    typed = list(draft_of(pui, monitored_list, due_on).select_related("saved_by"))
    grid.hidden = hidden_by(typed, grid.in_force, values)
    values |= {Key(one.product_id, one.measure): one.content for one in typed}
    if last := max(typed, key=lambda one: one.saved_at, default=None):
        grid.has_draft, grid.saved_at, grid.saved_by = True, last.saved_at, str(last.saved_by)
    grid.rows = rows_of(monitored_list, due_on, values, declared_by(previous))
    return grid


def hidden_by(
    typed: Collection[DraftCell], in_force: Transmission | None, values: Values
) -> dict[Key, Content]:
    """What is in force under cells typed before it, and that say otherwise: a file came since."""
    if in_force is None or in_force.confirmed_at is None:
        return {}
    older = [one for one in typed if one.saved_at < in_force.confirmed_at]
    keys = {Key(one.product_id, one.measure): one.content for one in older}
    return {key: values.get(key) for key, value in keys.items() if value != values.get(key)}


def rows_of(
    monitored_list: MonitoredList, due_on: date, values: Values, previous: Values
) -> list[Row]:
    """The products followed that day, the most urgent first."""
    followed = Monitoring.objects.of(monitored_list, due_on)
    return [
        Row(
            one.product,
            Priority(one.priority),
            due_on,
            *cells_of(one.product_id, values, previous),
        )
        for one in followed
        if one.product.kind != Product.Kind.VIRTUAL
    ]


def cells_of(product_id: int, values: Values, previous: Values) -> list[Cell]:
    keys = [Key(product_id, measure.value) for measure in MEASURES]
    return [Cell(key, values.get(key), previous.get(key)) for key in keys]


def draft_of(pui: Pui, monitored_list: MonitoredList, due_on: date) -> QuerySet[DraftCell]:
    found: QuerySet[DraftCell] = DraftCell.objects.filter(
        pui=pui, monitored_list=monitored_list, due_on=due_on
    )
    return found


def in_force_at(pui: Pui, monitored_list: MonitoredList, due_on: date) -> Transmission | None:
    found: Transmission | None = sent_by(pui, monitored_list).filter(due_on=due_on).first()
    return found


def before(pui: Pui, monitored_list: MonitoredList, due_on: date) -> Transmission | None:
    """The last declaration of an earlier due day: typing is comparing."""
    earlier = sent_by(pui, monitored_list).filter(due_on__lt=due_on)
    found: Transmission | None = earlier.order_by("-due_on").first()
    return found


def sent_by(pui: Pui, monitored_list: MonitoredList) -> "QuerySet[Transmission]":
    rows: QuerySet[Transmission] = Transmission.objects.filter(
        pui=pui, monitored_list=monitored_list, state=CONFIRMED
    )
    return rows.defer("content").select_related("received_by")


def declared_by(
    transmission: Transmission | None, products: Collection[int] | None = None
) -> dict[Key, Content]:
    """What a transmission in force says, cell by cell; of some products alone when told."""
    if transmission is None:
        return {}
    lines = StockLine.objects.filter(
        due_on=transmission.due_on, pui=transmission.pui_id, transmission=transmission
    )
    if products is not None:
        lines = lines.filter(product__in=products)
    return {
        Key(product, measure.value): value
        for product, *quantities in lines.values_list(*FIELDS)
        for measure, value in zip(MEASURES, quantities, strict=True)
    }
