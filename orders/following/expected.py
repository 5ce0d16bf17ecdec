"""What of an order is still to be received, from what was shipped and what was told received."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Least

from orders.models import Order, OrderLine, Reception, ReceptionLine, Shipment

State = Order.State
TO_COME = (State.SUBMITTED, State.CONFIRMED, State.PREPARING, State.PARTLY_SHIPPED)
RECEIVABLE = (*TO_COME, State.SHIPPED, State.DELIVERED)
WHOLE = 0  # the key of what was told of the whole order, no shipment named


@dataclass(frozen=True, slots=True)
class Due:
    """Units of each line, by its number: due in all, what left, and what receptions settled.

    ``shipped``: shipment by shipment, in the order they left. ``settled``: told received, damaged
    or never to come, by shipment, or under ``WHOLE``.
    """

    due: Counter[int]
    shipped: dict[int, Counter[int]]
    settled: dict[int, Counter[int]]

    @property
    def settled_in_all(self) -> Counter[int]:
        return sum(self.settled.values(), Counter())

    def left(self, shipment: Shipment | None = None) -> dict[int, int]:
        """Units still to receive by line, of a shipment or of the whole order."""
        settled = self.settled_in_all
        whole = {line: max(0, units - settled[line]) for line, units in self.due.items()}
        if shipment is None:
            return whole
        return self._left_of_shipments(whole).get(shipment.pk, {})

    def _left_of_shipments(self, whole: dict[int, int]) -> dict[int, dict[int, int]]:
        """What no shipment was named for is taken off the oldest ones: no unit is due twice."""
        unnamed = Counter(self.settled.get(WHOLE, Counter()))
        found: dict[int, dict[int, int]] = {}
        for shipment, units in self.shipped.items():
            named = self.settled.get(shipment, Counter())
            found[shipment] = {}
            for line, count in units.items():
                open_units = max(0, count - named[line])
                taken = min(open_units, unnamed[line])
                unnamed[line] -= taken
                left = min(open_units - taken, whole.get(line, 0))
                whole[line] = whole.get(line, 0) - left
                found[shipment][line] = left
        return found

    @property
    def is_complete(self) -> bool:
        return not any(self.left().values())


def is_receivable(order: Order) -> bool:
    """Something may arrive: what has not left for preparation has not."""
    if order.state == State.SUBMITTED:
        return order.exported_at is not None
    return order.state in RECEIVABLE


def due_of(order: Order, *, without: Reception | None = None) -> Due:
    """Read in four statements, whatever the number of lines and of receptions.

    ``without``: as if this reception had not been told.
    """
    lines = list(order.lines.all())
    told = ReceptionLine.objects.filter(reception__order=order).select_related("reception")
    if without is not None:
        told = told.exclude(reception=without)
    return Due(
        due=Counter({one.pk: line_due(order, one, lines) for one in lines}),
        shipped={one.pk: _quantities(one) for one in order.shipments.prefetch_related("lines")},
        settled=_settled(told),
    )


def line_due(order: Order, line: OrderLine, lines: Iterable[OrderLine]) -> int:
    """All that left, once nothing else will; before, what the warehouse said, else what was asked.

    A delivered order whose shipments nobody reported is due as it was ordered.
    """
    if order.state not in TO_COME and any(one.shipped for one in lines):
        return line.shipped
    return asked_of(line)


def asked_of(line: OrderLine) -> int:
    """What the warehouse said it would serve, else what was ordered."""
    return line.quantity if line.confirmed is None else line.confirmed


def expected_again(order: Order, reception: Reception) -> dict[int, int]:
    """What a reception expected, less what the others account for now: to correct it by."""
    others = due_of(order, without=reception)
    settled = others.settled_in_all
    found = {}
    for told in reception.lines.select_related("line"):
        room = asked_of(told.line) - settled[told.line_id]
        if reception.shipment_id:
            named = others.settled.get(reception.shipment_id, Counter())
            units = others.shipped[reception.shipment_id]
            room = min(room, units[told.line_id] - named[told.line_id])
        found[told.line_id] = max(0, min(told.expected, room))
    return found


def _settled(told: Iterable[ReceptionLine]) -> dict[int, Counter[int]]:
    found: dict[int, Counter[int]] = {}
    for one in told:
        key = one.reception.shipment_id or WHOLE
        found.setdefault(key, Counter())[one.line_id] += settled_by(one)
    return found


def settled_by(told: ReceptionLine) -> int:
    """What a line of a reception leaves no more to expect; a surplus takes nothing off the rest."""
    if told.gap == ReceptionLine.Gap.LATER:
        return told.came
    return told.expected


def lines_to_receive() -> QuerySet[OrderLine]:
    """Lines of which more left than ``settled_by`` accounts for: the same, told to the database."""
    later = When(gap=ReceptionLine.Gap.LATER, then=Least("expected", F("received") + F("damaged")))
    told = ReceptionLine.objects.filter(line=OuterRef("pk")).order_by().values("line")
    settled = told.annotate(units=Sum(Case(later, default="expected"))).values("units")
    return OrderLine.objects.filter(shipped__gt=Coalesce(Subquery(settled), 0))


def _quantities(shipment: Shipment) -> Counter[int]:
    found: Counter[int] = Counter()
    for one in shipment.lines.all():
        found[one.line_id] += one.quantity
    return found
