"""Why lines of an order cannot be served, with what could be: nothing is changed by itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from orders.services.errors import OrderingError


@dataclass(frozen=True, slots=True)
class LineRefusal:
    """``possible``: the most that this line could ask now, in whole packs; None: no proposal."""

    label: str
    text: str
    possible: int | None = None

    def __str__(self) -> str:
        return self.text


class RefusedLinesError(OrderingError):
    """Some lines do not hold; ``lines`` says why, by number of product."""

    def __init__(self, lines: Mapping[int, LineRefusal]) -> None:
        self.lines = dict(lines)
        first = next(iter(self.lines.values()))
        count = len(self.lines)
        head = (
            "Une ligne ne peut pas être servie."
            if count == 1
            else f"{count} lignes ne peuvent pas être servies."
        )
        super().__init__(f"{head} {first.label}\u00a0: {first.text}")


class ChangedOrderError(OrderingError):
    """Somebody changed the order since it was shown."""
