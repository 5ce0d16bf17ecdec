"""Everything a page says of a territory, read from the summaries in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from establishments.models import Department, Region
from pui.models import PharmacySummary, SubstanceSummary, SummarisedDue
from pui.models.region import Scale
from pui.region.figures import (
    DECLARED_NAMES,
    NOBODY,
    NOTHING,
    SUM_NAMES,
    URGENCY,
    Declared,
    Sums,
    in_tension,
    total,
    worst,
)
from pui.region.scope import Scope

Groups = Mapping[str, Sums]  # by DCI
WITHOUT_PLACE = "Sans territoire connu"


@dataclass(frozen=True, slots=True)
class Place:
    """A region or a department of the map, with what it holds of each DCI looked at."""

    code: str
    name: str
    groups: Groups
    declared: Declared

    @property
    def sums(self) -> Sums:
        return total(self.groups.values())

    @property
    def in_tension(self) -> int:
        return in_tension(self.groups.values())


@dataclass(frozen=True)
class Page:
    """``trend`` holds the twelve due days, the oldest first; the last one is under way.

    ``before`` is the due day before at the same hour. ``declared`` are the pharmacies of the last
    due day past, ``declared_before`` those of the one before it, at the same hour.
    """

    scope: Scope
    places: list[Place]
    trend: list[tuple[date, Groups]]
    before: Groups
    pharmacies: Declared
    pharmacies_before: Declared
    declared: Declared
    declared_before: Declared
    refreshed_at: datetime | None

    @property
    def now(self) -> Groups:
        return self.trend[-1][1]

    @property
    def shortest(self) -> tuple[str, Sums] | None:
        """The DCI that runs out first."""
        known = [(name, sums) for name, sums in self.now.items() if sums.days is not None]
        return min(known, key=lambda pair: (pair[1].urgency, pair[0]), default=None)

    @property
    def is_empty(self) -> bool:
        return not any(sums.lines for sums in self.now.values())


def read_page(scope: Scope) -> Page:
    last = scope.days[1]
    own = stocks_of(scope, scope.days, own_rows(scope))
    before = stocks_of(scope, [last], own_rows(scope), same_hour=True)
    pharmacies = pharmacies_of(scope)
    code = own_code(scope)
    return Page(
        scope=scope,
        places=places_of(scope, pharmacies, last),
        trend=[(day, own.get((day, code), {})) for day in reversed(scope.days)],
        before=before.get((last, code), {}),
        pharmacies=pharmacies.get((scope.days[0], False, code), NOBODY),
        pharmacies_before=pharmacies.get((last, True, code), NOBODY),
        declared=pharmacies.get((last, False, code), NOBODY),
        declared_before=pharmacies.get((scope.days[2], True, code), NOBODY),
        refreshed_at=refreshed_at(scope),
    )


def own_code(scope: Scope) -> str:
    return scope.department.code if scope.department else scope.territory.region_code


def own_rows(scope: Scope) -> Q:
    """The row of the whole territory, or of the department chosen."""
    if scope.department:
        return Q(
            scale=Scale.DEPARTMENT,
            region_code=scope.territory.region_code,
            code=scope.department.code,
        )
    if scope.territory.is_country:
        return Q(scale=Scale.COUNTRY)
    return Q(scale=Scale.REGION, region_code=scope.territory.region_code)


def map_rows(scope: Scope) -> Q:
    """The regions of the country, or the departments of the region."""
    if scope.territory.is_country:
        return Q(scale=Scale.REGION)
    return Q(scale=Scale.DEPARTMENT, region_code=scope.territory.region_code)


def stocks_of(
    scope: Scope, days: Sequence[date], rows: Q, *, same_hour: bool = False
) -> dict[tuple[date, str], dict[str, Sums]]:
    """What each place held of each DCI looked at, on each due day."""
    items = [scope.catalogue.items[pk] for pk in scope.focus_ids]
    names = {one.substance_id: one.substance for one in items}
    found = SubstanceSummary.objects.filter(
        rows,
        monitored_list=scope.monitored_list,
        due_on__in=days,
        is_same_hour=same_hour,
        substance_id__in=names,
    )
    kept: dict[tuple[date, str], dict[str, Sums]] = defaultdict(dict)
    for due_on, code, substance, *sums in found.values_list(
        "due_on", "code", "substance_id", *SUM_NAMES
    ):
        groups, name = kept[due_on, code], names[substance]
        groups[name] = groups.get(name, NOTHING) + Sums(*sums, due_on=due_on)
    return kept


def pharmacies_of(scope: Scope) -> dict[tuple[date, bool, str], Declared]:
    """The territory and its places, by due day, as they are and at the same hour."""
    rows = PharmacySummary.objects.filter(
        own_rows(scope) | map_rows(scope),
        monitored_list=scope.monitored_list,
        due_on__in=scope.days[:3],
    )
    return {
        (due_on, same_hour, "" if scale == Scale.COUNTRY else code): Declared(*counts)
        for due_on, same_hour, scale, code, *counts in rows.values_list(
            "due_on", "is_same_hour", "scale", "code", *DECLARED_NAMES
        )
        if code or scale == Scale.COUNTRY
    }


def places_of(
    scope: Scope, pharmacies: Mapping[tuple[date, bool, str], Declared], last: date
) -> list[Place]:
    """Every place of the map, the most urgent first; those without any line too."""
    held = stocks_of(scope, scope.days[:1], map_rows(scope))
    by_code = {code: groups for (_, code), groups in held.items()}
    places = [
        Place(code, name, by_code.get(code, {}), pharmacies.get((last, False, code), NOBODY))
        for code, name in names_of(scope, by_code).items()
    ]
    return sorted(places, key=lambda place: urgency_of(scope, place))


def names_of(scope: Scope, held: Collection[str]) -> dict[str, str]:
    """Those of the territory; of the country, also what stands in no region."""
    if not scope.territory.is_country:
        return {one.code: one.name for one in scope.territory.departments}
    names = dict(Region.objects.values_list("code", "name"))
    return names | {code: WITHOUT_PLACE for code in held if code not in names}


def urgency_of(scope: Scope, place: Place) -> tuple[Any, ...]:
    if scope.substance:
        return (*place.sums.urgency, place.code)
    return -place.in_tension, URGENCY.index(worst(place.groups.values())), place.code


def refreshed_at(scope: Scope) -> datetime | None:
    rows = SummarisedDue.objects.filter(
        monitored_list=scope.monitored_list, due_on=scope.days[0], is_same_hour=False
    )
    return rows.values_list("refreshed_at", flat=True).first()


def departments_by_region() -> dict[str, list[str]]:
    """For the map of the country."""
    found: dict[str, list[str]] = {}
    rows = Department.objects.filter(region__isnull=False).order_by("code")
    for code, region in rows.values_list("code", "region_id"):
        found.setdefault(region, []).append(code)
    return found
