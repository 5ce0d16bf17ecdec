"""All that a dashboard page or one of its files says, read in a constant number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from orders.dashboard.figures import NOTHING, Delays, ItemStock, Pallets, QuotaFigures
from orders.dashboard.names import Names, names_for
from orders.dashboard.reading import (
    delays_by,
    merged,
    orders_by_state,
    pallets_of_la_poste,
    pools_of,
    quotas_by,
    relief_counts,
    stock_by_item,
    waiting_relief,
)
from orders.dashboard.scope import Scope
from orders.models import Order, SummarisedOrders


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """A place, an item, a category or a week; ``before``: the week before, when it is compared."""

    code: str
    name: str
    now: QuotaFigures
    before: QuotaFigures = NOTHING


@dataclass(frozen=True, slots=True)
class StateRow:
    state: str
    label: str
    now: int
    before: int
    all_weeks: int


@dataclass(frozen=True, slots=True)
class DelayRow:
    region: str
    operator: str
    delays: Delays


@dataclass(frozen=True, slots=True)
class StockRow:
    name: str
    stock: ItemStock


@dataclass(frozen=True)
class Board:
    scope: Scope
    names: Names

    @cached_property
    def weeks(self) -> list[QuotaRow]:
        found = quotas_by(self.scope, self.scope.weeks, "week")
        return [
            QuotaRow(one.isoformat(), f"{one:%d/%m/%Y}", found.get((one,), NOTHING))
            for one in self.scope.weeks
        ]

    @property
    def now(self) -> QuotaFigures:
        return self.weeks[-1].now

    @property
    def before(self) -> QuotaFigures:
        return self.weeks[-2].now

    def _two_weeks(self, key: str, names: Mapping) -> list[QuotaRow]:
        scope = self.scope
        found = quotas_by(scope, [scope.before, scope.week], "week", key)
        codes = {code for _, code in found}
        rows = [
            QuotaRow(
                str(code),
                names.get(code, str(code)),
                found.get((scope.week, code), NOTHING),
                found.get((scope.before, code), NOTHING),
            )
            for code in codes
        ]
        return sorted(rows, key=lambda row: (-(row.now.share or 0), row.name))

    @cached_property
    def places(self) -> list[QuotaRow]:
        """The regions of the country, the departments of a region; the most used first."""
        key = "region_code" if self.scope.is_national else "department_code"
        return self._two_weeks(key, self.names.places)

    @cached_property
    def departments(self) -> list[QuotaRow]:
        """For the map: every department, also those of the country."""
        if not self.scope.is_national:
            return self.places
        found = quotas_by(self.scope, [self.scope.week], "department_code")
        return [QuotaRow(code, code, figures) for (code,), figures in found.items() if code]

    @cached_property
    def items(self) -> list[QuotaRow]:
        rows = self._two_weeks("item_id", self.names.items)
        rank = {str(pk): place for place, pk in enumerate(self.names.items)}
        return sorted(rows, key=lambda row: rank.get(row.code, 99))

    @cached_property
    def categories(self) -> list[QuotaRow]:
        labels = {code: self.names.category(code) for code in self.names.categories}
        rows = self._two_weeks("category_code", labels)
        return sorted(rows, key=lambda row: (-row.now.granted, row.name))

    @cached_property
    def _states(self) -> dict[tuple[date, str], int]:
        return orders_by_state(self.scope)

    @cached_property
    def states(self) -> list[StateRow]:
        scope = self.scope
        return [
            StateRow(
                state.value,
                str(state.label),
                self._states.get((scope.week, state.value), 0),
                self._states.get((scope.before, state.value), 0),
                sum(self._states.get((week, state.value), 0) for week in scope.weeks),
            )
            for state in Order.State
            if state is not Order.State.DRAFT
        ]

    def sent_in(self, week: date) -> int:
        return sum(count for (on, _), count in self._states.items() if on == week)

    @property
    def under_way(self) -> int:
        return sum(row.all_weeks for row in self.states if row.state in Order.UNDER_WAY)

    @cached_property
    def delays(self) -> list[DelayRow]:
        names = self.names
        rows = [
            DelayRow(
                names.regions.get(region, "Sans région"), names.operators.get(operator, ""), one
            )
            for (region, operator), one in delays_by(self.scope).items()
        ]
        return sorted(rows, key=lambda row: (row.region, row.operator))

    @property
    def whole_delay(self) -> Delays:
        return merged([row.delays for row in self.delays])

    @cached_property
    def relief(self) -> dict[str, tuple[int, int]]:
        return relief_counts(self.scope)

    @cached_property
    def waiting_relief(self) -> int:
        return waiting_relief(self.scope)

    @cached_property
    def pool(self) -> QuotaFigures:
        return pools_of(self.scope)

    @cached_property
    def stocks(self) -> list[StockRow]:
        found = stock_by_item()
        if self.scope.item:
            found = {pk: one for pk, one in found.items() if pk == self.scope.item.pk}
        return [StockRow(name, found[pk]) for pk, name in self.names.items.items() if pk in found]

    @cached_property
    def pallets(self) -> Pallets:
        return pallets_of_la_poste()

    @cached_property
    def refreshed_at(self) -> datetime | None:
        rows = SummarisedOrders.objects.filter(week=self.scope.week)
        return rows.values_list("refreshed_at", flat=True).first()


def read_board(scope: Scope) -> Board:
    return Board(scope, names_for(scope))
