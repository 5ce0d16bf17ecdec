"""What of an order is still to be received, from what was shipped and what was told received."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from orders.models import Order, OrderLine, ReceptionLine, Shipment

State = Order.State
TO_COME = (State.SUBMITTED, State.CONFIRMED, State.PREPARING, State.PARTLY_SHIPPED)
RECEIVABLE = (*TO_COME, State.SHIPPED, State.DELIVERED)


@dataclass(frozen=True, slots=True)
class Due:
    """Units of each line, by its number: due in all, settled by receptions, shipment by shipment.

    ``settled``: told received, damaged or never to come.
    """

    due: Counter[int]
    settled: Counter[int]
    shipped: dict[int, Counter[int]]
    settled_of: dict[int, Counter[int]]

    def left(self, shipment: Shipment | None = None) -> dict[int, int]:
        """Units still to receive by line, of a shipment or of the whole order."""
        whole = {line: max(0, due - self.settled[line]) for line, due in self.due.items()}
        if shipment is None:
            return whole
        gone, told = self.shipped.get(shipment.pk, Counter()), self.settled_of.get(shipment.pk)
        return {
            line: min(max(0, units - (told[line] if told else 0)), whole.get(line, 0))
            for line, units in gone.items()
        }

    @property
    def is_complete(self) -> bool:
        return not any(self.left().values())


def is_receivable(order: Order) -> bool:
    """Something may arrive: what has not left for preparation has not."""
    if order.state == State.SUBMITTED:
        return order.exported_at is not None
    return order.state in RECEIVABLE


def due_of(order: Order) -> Due:
    """Read in four statements, whatever the number of lines and of receptions."""
    lines = list(order.lines.all())
    told = list(ReceptionLine.objects.filter(reception__order=order).select_related("reception"))
    return Due(
        due=Counter({one.pk: line_due(order, one, lines) for one in lines}),
        settled=_settled(told),
        shipped={one.pk: _quantities(one) for one in order.shipments.prefetch_related("lines")},
        settled_of=_by_shipment(told),
    )


def line_due(order: Order, line: OrderLine, lines: Iterable[OrderLine]) -> int:
    """All that left, once nothing else will; before, what the warehouse said, else what was asked.

    A delivered order whose shipments nobody reported is due as it was ordered.
    """
    if order.state not in TO_COME and any(one.shipped for one in lines):
        return line.shipped
    return line.quantity if line.confirmed is None else line.confirmed


def _settled(told: Iterable[ReceptionLine]) -> Counter[int]:
    found: Counter[int] = Counter()
    for one in told:
        found[one.line_id] += settled_by(one)
    return found


def settled_by(told: ReceptionLine) -> int:
    """What a line of a reception leaves no more to expect; a surplus takes nothing off the rest."""
    if told.gap == ReceptionLine.Gap.LATER:
        return min(told.expected, told.received + told.damaged)
    return told.expected


def _by_shipment(told: Iterable[ReceptionLine]) -> dict[int, Counter[int]]:
    found: dict[int, Counter[int]] = {}
    for one in told:
        if one.reception.shipment_id:
            found.setdefault(one.reception.shipment_id, Counter())[one.line_id] += settled_by(one)
    return found


def _quantities(shipment: Shipment) -> Counter[int]:
    found: Counter[int] = Counter()
    for one in shipment.lines.all():
        found[one.line_id] += one.quantity
    return found
