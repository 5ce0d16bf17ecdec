"""What a page is about: where, which list, which products, and what a line of its table is."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import User
from common.cover import Level
from establishments.models import Department
from medications.calendar import Period, ReportingCalendar, calendar_of
from medications.models import MonitoredList
from medications.words import Words
from pui.models import Pui
from pui.region.catalogue import GRAIN_LABELS, Catalogue, Grain
from pui.region.filters import IN_TENSION, RegionFilter, Rows
from pui.region.refreshing import counted_days, page_days
from pui.region.territory import Territory
from pui.rights import read_action
from pui.stock.freshness import required_day


@dataclass(frozen=True)
class Scope:
    """Everything the readings need; built once a request from the filters."""

    user: User
    territory: Territory
    monitored_list: MonitoredList
    catalogue: Catalogue
    calendar: ReportingCalendar
    now: datetime
    rows: str
    grain: Grain
    substance: str = ""
    department: Department | None = None
    level_choice: str = ""

    @cached_property
    def period(self) -> Period:
        """The due day under way: what is known now is compared with the one before."""
        return self.calendar.expected(self.now)

    @cached_property
    def days(self) -> list[date]:
        """The twelve due days of the trend, the latest first."""
        return page_days(self.calendar, self.now)

    @property
    def required(self) -> date:
        """What a pharmacy that is up to date has declared."""
        return required_day(self.calendar, self.now)

    @property
    def since(self) -> date:
        """The oldest due day whose lines still count."""
        return counted_days(self.calendar, self.period.due_on)[-1]

    @property
    def product_ids(self) -> list[int]:
        if not self.substance:
            return sorted(self.catalogue.items)
        return self.catalogue.ids_where(lambda one: one.substance == self.substance)

    @property
    def focus_ids(self) -> list[int]:
        """The products of the map and of the trend: the DCI chosen, or those that are watched."""
        return self.product_ids if self.substance else self.catalogue.watched_ids

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that the table keeps; none: all of them."""
        if self.level_choice == IN_TENSION:
            return tuple(level for level in Level if level.is_tension)
        return (Level(self.level_choice),) if self.level_choice in Level.values else ()

    @property
    def place_name(self) -> str:
        return self.department.name if self.department else self.territory.name

    @property
    def of_place(self) -> str:
        return "du département" if self.department else self.territory.of_name

    @property
    def watched_name(self) -> str:
        """« DCI prioritaires », or what is counted where a list has no priority 1."""
        return "DCI prioritaires" if self.catalogue.has_priority else self.words.followed

    @property
    def words(self) -> Words:
        return self.monitored_list.words

    @property
    def grain_label(self) -> str:
        """What a line groups, by its name in the tables."""
        if self.grain is Grain.SUBSTANCE:
            return capfirst(self.words.group)
        return GRAIN_LABELS[self.grain]

    @property
    def is_too_wide(self) -> bool:
        """The pharmacies of the whole country, one by one, for one DCI at a time."""
        return self.is_one_by_one and self.territory.is_country and not self.substance

    @property
    def is_one_by_one(self) -> bool:
        """Whether a line is a pharmacy or a site, not a territory."""
        return self.rows in Rows.ONE_BY_ONE

    def puis(self) -> QuerySet[Pui]:
        """The open pharmacies in view, whose lines of this list the reader may see."""
        rows = Pui.objects.for_user(self.user, to=read_action(self.monitored_list)).open_on(
            timezone.localdate(self.now)
        )
        if not self.territory.is_detailed:
            return rows.none()
        if self.department:
            return rows.filter(establishment__department=self.department)
        if self.territory.is_country:
            return rows
        return rows.filter(establishment__region=self.territory.region_code)


def scope_for(user: User, form: RegionFilter, now: datetime | None = None) -> Scope:
    department = form.chosen("departement")
    return Scope(
        user=user,
        territory=form.territory,
        monitored_list=form.monitored_list,
        catalogue=form.catalogue,
        calendar=calendar_of(form.monitored_list),
        now=now or timezone.now(),
        rows=form.chosen("lignes"),
        grain=Grain(form.chosen("produits")),
        substance=form.chosen("dci"),
        department=next(
            (one for one in form.territory.departments if one.code == department), None
        ),
        level_choice=form.chosen("niveau"),
    )
