"""Pages of long tables: only what is shown is read whole, and nothing is counted twice."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator


class ShallowPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than ``deepest`` rows; what is beyond is found by the filters."""

    deepest = 2_000

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.deepest)

    @property
    def is_deeper(self) -> bool:
        """Whether there are more rows than pages."""
        return self._counted > self.deepest

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        found: int = rows.order_by()[: self.deepest + 1].count()
        return found


class KeyedPaginator(Paginator):  # type: ignore[type-arg]
    """Finds the numbers of the rows of a page first; joins and computes for those alone.

    ``total`` is their count, where the page knows it already.
    """

    def __init__(self, rows: Any, per_page: int, *, total: int | None = None) -> None:
        super().__init__(rows, per_page)
        self._total = total

    @cached_property
    def count(self) -> int:
        return super().count if self._total is None else self._total

    def page(self, number: int | str) -> Page:  # type: ignore[type-arg]
        number = self.validate_number(number)
        rows: Any = self.object_list
        start = (number - 1) * self.per_page
        keys = list(rows.values_list("pk", flat=True)[start : start + self.per_page])
        found = {one.pk: one for one in rows.filter(pk__in=keys)}
        return Page([found[key] for key in keys if key in found], number, self)
