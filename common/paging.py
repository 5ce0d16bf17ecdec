"""Pages of a table so long that nobody wants its exact length: counting it would cost the most."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator


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
