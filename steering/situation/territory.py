"""Of what part of the country a situation speaks, and what of it somebody may read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import Http404
from django.urls import reverse

from accounts.models import User
from epi_stocks.dashboard import territory as equipment
from establishments.models import Department, Region
from establishments.perimeter import Action, Perimeter, union
from pui.models.region import Scale
from pui.region import territory as pharmacies
from steering.situation.content import COUNTRY

DASHBOARDS = (Action.DASH_EPI, Action.DASH_MED, Action.DASH_ORD)
# what the figures of a situation are read with
READING = (*DASHBOARDS, Action.FLU_READ, Action.VAC_READ, Action.STOCK_STATE)
COUNTRY_NAME = "France entière"


@dataclass(frozen=True, slots=True)
class Territory:
    """The country, a region, or the departments of a council."""

    code: str
    name: str
    region: Region | None = None
    departments: tuple[Department, ...] = ()

    @property
    def is_country(self) -> bool:
        return self.code == COUNTRY

    @property
    def has_bulletin(self) -> bool:
        return self.is_country or self.region is not None

    @property
    def perimeter(self) -> Perimeter:
        if self.is_country:
            return Perimeter(is_national=True)
        if self.region:
            return Perimeter(region_codes=frozenset({self.region.code}))
        return Perimeter(department_codes=frozenset(one.code for one in self.departments))

    @property
    def places_word(self) -> str:
        """What a row of its tables is."""
        return "Région" if self.is_country else "Département"

    @property
    def of_equipment(self) -> equipment.Territory:
        if self.is_country:
            return equipment.Territory(equipment.Scale.COUNTRY, "France")
        scale = equipment.Scale.REGION if self.region else equipment.Scale.DEPARTMENT
        code = self.region.code if self.region else None
        return equipment.Territory(scale, self.name, code, self.departments)

    @property
    def of_pharmacies(self) -> pharmacies.Territory:
        if self.region is None:
            name = pharmacies.COUNTRY_NAME
            return pharmacies.Territory(Scale.COUNTRY, name, "", is_detailed=True)
        return pharmacies.Territory(
            Scale.REGION,
            self.name,
            self.region.code,
            is_detailed=True,
            departments=self.departments,
        )

    def address(self, name: str = "situation", *more: object) -> str:
        if self.has_bulletin:
            return reverse(f"steering:{name}_of", args=[self.code, *more])
        return reverse(f"steering:{name}")


@dataclass(frozen=True)
class Reader:
    """Whoever a situation is read for: what they may read of one territory, and nothing beyond.

    A bulletin is read by nobody in particular: as whoever may read all of its territory.
    """

    held: Mapping[Action, Perimeter] = field(default_factory=dict)

    def perimeter_to(self, action: Action) -> Perimeter:
        return self.held.get(action, Perimeter())

    def may(self, action: Action) -> bool:
        return bool(self.perimeter_to(action))


def country() -> Territory:
    return Territory(COUNTRY, COUNTRY_NAME)


def region_territory(region: Region) -> Territory:
    departments = Department.objects.filter(region=region).order_by("code")
    return Territory(region.code, region.name, region, tuple(departments))


def held_by(user: User) -> Perimeter:
    """Where one reads one dashboard at least."""
    return union([user.perimeter_to(action) for action in DASHBOARDS])


def territory_for(user: User, code: str = "") -> Territory:
    """The one asked for, one's own by default; what one does not watch over does not exist: 404."""
    held = held_by(user)
    if held.is_national:
        return _in_the_country(code or COUNTRY)
    if code and code not in held.region_codes:
        raise Http404
    if held.region_codes:
        return _in_the_country(code or min(held.region_codes))
    return _of_departments(held)


def _in_the_country(code: str) -> Territory:
    if code == COUNTRY:
        return country()
    region = Region.objects.filter(code=code).first() if code.isalnum() else None
    if region is None:
        raise Http404
    return region_territory(region)


def _of_departments(held: Perimeter) -> Territory:
    found = tuple(Department.objects.filter(code__in=held.department_codes).order_by("code"))
    if not found:
        raise Http404
    return Territory("", ", ".join(one.name for one in found), None, found)


def choices_for(user: User) -> list[tuple[str, str]]:
    """The territories that one may open; none where there is only one."""
    if not held_by(user).is_national:
        return []
    regions = Region.objects.order_by("name").values_list("code", "name")
    return [(COUNTRY, COUNTRY_NAME), *regions]


def reader_for(user: User, territory: Territory) -> Reader:
    """What somebody reads of a territory, right by right."""
    own = territory.perimeter
    return Reader({one: own for one in READING if covers(user.perimeter_to(one), own)})


def whole_reader(territory: Territory) -> Reader:
    """For a bulletin. The State stock in units is the country's; an agency reads a word of it."""
    own = territory.perimeter
    left_out = () if territory.is_country else (Action.STOCK_STATE,)
    return Reader({one: own for one in READING if one not in left_out})


def covers(held: Perimeter, asked: Perimeter) -> bool:
    """Whether all that is asked is held."""
    if held.is_national or asked.is_national:
        return held.is_national
    return (
        asked.region_codes <= held.region_codes and asked.department_codes <= held.department_codes
    )
