"""What a page of the real-time view is about: where, when, which item, and what is left aside."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from common.cover import Level, Thresholds
from common.weeks import current_week, shift, weeks_back
from epi_stocks.calendar import WeekCalendar, calendar_of
from epi_stocks.dashboard.territory import Scale, Territory, establishments_in
from epi_stocks.filters import DOUBTFUL, LEFT_OUT, DashboardFilter, default_item, levels_of
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import EpiItem
from epi_stocks.summaries.places import within_sql
from establishments.models import Department, Establishment, EstablishmentCategory, LegalEntity
from establishments.perimeter import Action

TREND = 12  # weeks


@dataclass(frozen=True)
class Scope:
    """Everything the read models need; built once a request from the filters."""

    user: object
    territory: Territory
    week: date
    item: EpiItem
    items: list[EpiItem]
    department: Department | None = None
    category: EstablishmentCategory | None = None
    legal_entity: LegalEntity | None = None
    levels: tuple[Level, ...] = ()
    list_choice: str = ""
    thresholds: dict[int | None, Thresholds] = field(default_factory=dict)
    refreshed_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        """A legal entity has no summary: its figures are computed from its own lines."""
        return self.legal_entity is not None

    @property
    def is_national(self) -> bool:
        return self.territory.is_country

    @property
    def watches_country(self) -> bool:
        """Whether the reader came into this territory from the country."""
        return self.user.perimeter_to(Action.DASH_EPI).is_national

    @property
    def is_current(self) -> bool:
        return self.week == current_week()

    @cached_property
    def calendar(self) -> WeekCalendar:
        return calendar_of(self.week)

    @property
    def is_open(self) -> bool:
        return self.calendar.is_open(datetime.now(UTC))

    @property
    def is_refreshed_today(self) -> bool:
        return self.refreshed_at is not None and localdate(self.refreshed_at) == localdate()

    @property
    def previous_week(self) -> date:
        return shift(self.week, -1)

    @property
    def trend_weeks(self) -> list[date]:
        return weeks_back(self.week, TREND)

    @property
    def department_codes(self) -> list[str]:
        if self.department:
            return [self.department.code]
        return self.territory.department_codes

    @property
    def only_doubtful(self) -> bool:
        return self.list_choice == DOUBTFUL

    @property
    def only_left_out(self) -> bool:
        return self.list_choice == LEFT_OUT

    @property
    def item_thresholds(self) -> Thresholds:
        return self.thresholds_of(self.item)

    def thresholds_of(self, item: EpiItem) -> Thresholds:
        return self.thresholds.get(item.pk, self.thresholds[None])

    @property
    def establishments(self) -> QuerySet[Establishment]:
        """The establishments in view, within what the reader may see."""
        rows = establishments_in(self.territory, self.user)
        if self.department:
            rows = rows.filter(department=self.department)
        if self.category:
            rows = rows.filter(category=self.category)
        if self.legal_entity:
            rows = rows.filter(legal_entity=self.legal_entity)
        return rows

    @cached_property
    def places_sql(self) -> tuple[str, dict[str, Any]]:
        """The same as a condition on ``site``, and its parameters: a region has 13,000 of them."""
        return within_sql(self.establishments)

    @property
    def place_name(self) -> str:
        """« Centre-Val de Loire », « Loiret », or the entity."""
        if self.legal_entity:
            return self.legal_entity.name
        return self.department.name if self.department else self.territory.name

    @property
    def of_place(self) -> str:
        """« de la région », « du département », « de l’entité »."""
        if self.legal_entity:
            return "de l’entité"
        if self.department:
            return "du département"
        return self.territory.of_name

    @property
    def is_one_department(self) -> bool:
        return self.department is not None or self.territory.scale is Scale.DEPARTMENT


def scope_for(user, territory: Territory, filters: DashboardFilter) -> Scope:
    """Read the filters; what is missing or refused takes its default: this week, FFP2 masks."""
    week = filters.chosen("semaine") or current_week()
    department = filters.chosen("departement")
    choice = filters.chosen("niveau") or ""
    return Scope(
        user=user,
        territory=territory,
        week=week,
        item=filters.chosen("equipement") or default_item(filters.items),
        items=filters.items,
        department=next((one for one in territory.departments if one.code == department), None),
        category=filters.chosen("categorie"),
        legal_entity=filters.chosen("entite"),
        levels=levels_of(choice),
        list_choice=choice,
        thresholds=thresholds_on(week),
        refreshed_at=filters.refreshed_at.get(week),
    )
