"""The sites whose capacities one reads: what is known of each, what counts, what is asked."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from establishments.rules import beneficiary_categories
from orders.doctrine.reading import (
    SiteCapacity,
    doctrine_on,
    groups_by_category,
    site_capacities,
)
from orders.models import Basis, Capacity, CapacityRequest


@dataclass(frozen=True, slots=True)
class BasisLine:
    """One basis of a site: the number known, and the correction that waits."""

    basis: Basis
    capacity: Capacity | None
    waiting: CapacityRequest | None
    is_counted: bool

    @property
    def label(self) -> str:
        return f"{self.basis.label}s".capitalize()


@dataclass(frozen=True, slots=True)
class SiteRow:
    """``is_served``: its category is a beneficiary one, so that its capacity matters."""

    told: SiteCapacity
    lines: list[BasisLine]
    is_served: bool

    @property
    def site(self) -> Establishment:
        return self.told.site

    def line(self, basis: Basis) -> BasisLine:
        return next(one for one in self.lines if one.basis == basis)

    @property
    def counted_text(self) -> str:
        group = self.told.group
        return f"par {group.get_basis_display()}" if group and self.is_served else ""

    @property
    def known_on(self) -> date | None:
        """The day of what counts, else the most recent one."""
        if self.told.counted:
            return self.told.counted.as_of
        return max((one.as_of for one in self.told.known.values()), default=None)

    @property
    def is_waiting(self) -> bool:
        return any(one.waiting for one in self.lines)

    @property
    def why(self) -> str:
        """Why nothing is counted for it; empty: it counts."""
        if not self.is_served:
            return "sa catégorie n’est pas bénéficiaire du stock de l’État"
        return self.told.why


def sites_of(user: User) -> QuerySet[Establishment]:
    """The open sites that one reads, whatever their category."""
    rows = Establishment.objects.open().for_user(user, to=Action.ORD_QUOTA_READ)
    found: QuerySet[Establishment] = rows.select_related("category", "department", "region")
    return found.order_by("sort_name", "finess")


def served(rows: QuerySet[Establishment], day: date) -> QuerySet[Establishment]:
    return rows.filter(category__in=beneficiary_categories(day))


def without_capacity(rows: QuerySet[Establishment], day: date) -> QuerySet[Establishment]:
    """Those that count 0: no number in the basis of their group, or no group.

    Asked for each site whether it has one, the country takes a second.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    for code, group in groups_by_category(doctrine_on(day)).items():
        codes[group.basis].append(code)
    counted = Q(pk__in=[])
    for basis, inside in codes.items():
        counted |= Q(basis=basis, establishment__category__in=inside)
    return rows.exclude(pk__in=Capacity.objects.filter(counted).order_by().values("establishment"))


def site_rows(sites: Collection[Establishment], day: date) -> list[SiteRow]:
    """In five statements whatever the number of sites."""
    sites = list(sites)
    codes = beneficiary_categories(day)
    waiting: dict[int, dict[str, CapacityRequest]] = defaultdict(dict)
    for row in open_requests(sites):
        waiting[row.establishment_id][row.basis] = row
    return [
        SiteRow(told, _lines(told, waiting[told.site.pk]), told.site.category_id in codes)
        for told in site_capacities(sites, day)
    ]


def _lines(told: SiteCapacity, waiting: dict[str, CapacityRequest]) -> list[BasisLine]:
    counted = told.group.basis if told.group else ""
    return [
        BasisLine(basis, told.known.get(basis), waiting.get(basis), basis == counted)
        for basis in Basis
    ]


def open_requests(sites: Sequence[Establishment]) -> QuerySet[CapacityRequest]:
    rows = CapacityRequest.objects.filter(
        establishment__in=[one.pk for one in sites], state=CapacityRequest.State.OPEN
    )
    found: QuerySet[CapacityRequest] = rows.select_related("asked_by")
    return found
