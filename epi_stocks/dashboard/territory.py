"""What part of the country a page speaks of, and whether the reader may see its establishments."""

from dataclasses import dataclass
from enum import Enum

from django.http import Http404

from epi_stocks.models.summary import NO_TERRITORY
from establishments.models import Department, Establishment, Region
from establishments.perimeter import Action

WITHOUT_ARS = "sans-ars"  # in an address: the territories that no ARS watches over


class Scale(Enum):
    COUNTRY = "pays"
    REGION = "région"
    DEPARTMENT = "département"


@dataclass(frozen=True)
class Territory:
    """The country, a region (or the territories without ARS), or one department."""

    scale: Scale
    name: str
    region_code: str | None = None  # None: not a region; empty: the territories without ARS
    departments: tuple[Department, ...] = ()

    @property
    def is_country(self) -> bool:
        return self.scale is Scale.COUNTRY

    @property
    def department_codes(self) -> list[str]:
        return [department.code for department in self.departments]

    @property
    def of_name(self) -> str:
        """« du pays », « de la région », « du département »: for the titles of figures."""
        if self.region_code == NO_TERRITORY:
            return "de ces territoires"
        return {
            Scale.COUNTRY: "du pays",
            Scale.REGION: "de la région",
            Scale.DEPARTMENT: "du département",
        }[self.scale]

    @property
    def whole_name(self) -> str:
        """The choice of the filter that keeps every department."""
        return "Tous" if self.region_code == NO_TERRITORY else "Toute la région"


def territory_for(user, region: str = "") -> Territory:
    """The territory that ``user`` watches over; the national cell may enter one ``region``.

    Another region does not exist for an ARS or a department: 404, as for one that never was.
    """
    perimeter = user.perimeter_to(Action.DASH_EPI)
    if perimeter.is_national:
        return region_territory(region) if region else Territory(Scale.COUNTRY, "France")
    if region and region not in perimeter.region_codes:
        raise Http404
    if perimeter.region_codes:
        return region_territory(region or min(perimeter.region_codes))
    return _department_territory(perimeter.department_codes)


def region_territory(code: str) -> Territory:
    """One region with its departments, or the territories without ARS."""
    if code == WITHOUT_ARS:
        departments = Department.objects.filter(region__isnull=True).order_by("code")
        return Territory(Scale.REGION, "Territoires sans ARS", NO_TERRITORY, tuple(departments))
    region = Region.objects.filter(code=code).first() if code.isalnum() else None
    if region is None:
        raise Http404
    departments = Department.objects.filter(region=region).order_by("code")
    return Territory(Scale.REGION, region.name, region.code, tuple(departments))


def _department_territory(codes) -> Territory:
    departments = tuple(Department.objects.filter(code__in=codes).order_by("code"))
    if not departments:
        raise Http404
    names = ", ".join(department.name for department in departments)
    return Territory(Scale.DEPARTMENT, names, None, departments)


def establishments_in(territory: Territory, user) -> "Establishment.objects":
    """The establishments of the territory that ``user`` may see one by one."""
    rows = Establishment.objects.for_user(user, to=Action.DASH_EPI)
    if territory.is_country:
        return rows
    return rows.filter(department__in=territory.department_codes)
