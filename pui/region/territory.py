"""What part of the country a page speaks of, and whether its pharmacies are seen one by one."""

from dataclasses import dataclass

from django.http import Http404

from accounts.models import User
from establishments.models import AdministrativeBody, Department, Region
from establishments.perimeter import Action
from pui.models.region import Scale

COUNTRY_NAME = "France entière"
COUNTRY_CODE = "pays"  # in an address


@dataclass(frozen=True)
class Territory:
    """The country or a region; ``is_detailed``: the reader sees each pharmacy there."""

    scale: Scale
    name: str
    region_code: str
    is_detailed: bool
    departments: tuple[Department, ...] = ()

    @property
    def is_country(self) -> bool:
        return self.scale is Scale.COUNTRY

    @property
    def of_name(self) -> str:
        """« du pays », « de la région »."""
        return "du pays" if self.is_country else "de la région"

    @property
    def address_code(self) -> str:
        return COUNTRY_CODE if self.is_country else self.region_code


def sees_elsewhere(user: User) -> bool:
    """An ARS sees the totals of other regions, an OMEDIT its own region only (access matrix)."""
    perimeter = user.perimeter_to(Action.DASH_MED)
    if perimeter.is_national:
        return True
    profile = user.active_profile
    body = profile.body if profile else None
    return body is not None and body.kind == AdministrativeBody.Kind.ARS


def territory_for(user: User, asked: str = "") -> Territory:
    """The territory asked for, one's own by default; what one may not see does not exist: 404."""
    perimeter = user.perimeter_to(Action.DASH_MED)
    own = sorted(perimeter.region_codes)
    code = asked or (COUNTRY_CODE if perimeter.is_national or not own else own[0])
    is_own = perimeter.is_national or code in own
    if not is_own and not sees_elsewhere(user):
        raise Http404
    if code == COUNTRY_CODE:
        return Territory(Scale.COUNTRY, COUNTRY_NAME, "", perimeter.is_national)
    region = Region.objects.filter(code=code).first() if code.isalnum() else None
    if region is None:
        raise Http404
    departments = Department.objects.filter(region=region).order_by("code")
    return Territory(Scale.REGION, region.name, region.code, is_own, tuple(departments))


def choices_for(user: User) -> list[tuple[str, str]]:
    """The territories that the person may open; none when there is only one."""
    perimeter = user.perimeter_to(Action.DASH_MED)
    rows = Region.objects.order_by("name")
    if not sees_elsewhere(user):
        rows = rows.filter(code__in=perimeter.region_codes)
    regions = [(one.code, one.name) for one in rows]
    if sees_elsewhere(user):
        return [(COUNTRY_CODE, COUNTRY_NAME), *regions]
    return regions
