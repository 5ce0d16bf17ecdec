"""Letter F of the access matrix: what an operator reads of the pharmacies it delivers.

This floor does not know who delivers what: the app above that routes deliveries says it here.
"""

from collections.abc import Callable
from typing import Any, Self

from django.db.models import Q, QuerySet

from establishments.perimeter import Action, Holder, PerimeterQuerySet

# by action, the numbers of the pharmacies routed to the operator, as a subquery
ROUTES: dict[Action, Callable[[], QuerySet[Any, dict[str, Any]]]] = {}


class RoutedQuerySet(PerimeterQuerySet):
    """``pui_path`` leads from a row to its pharmacy."""

    pui_path = "pui"

    def for_user(self, user: Holder, to: Action) -> Self:
        held = user.perimeter_to(to)
        if held.is_national or not held.operator_ids or to not in ROUTES:
            return self.within(held)
        routed = Q(**{f"{self.pui_path}__in": ROUTES[to]()})
        return self.filter(held.as_q(self.perimeter_path) | routed)
