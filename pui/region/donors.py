"""« Qui peut dépanner … en cisatracurium ? »: who keeps three weeks of cover and has more.

The surplus is what a pharmacy holds of a reference product beyond 21 days of its own consumption,
less what it has promised to others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from common.cover import Level
from establishments.models import Establishment
from establishments.models.position import spots_in, spots_of
from establishments.perimeter import Action
from establishments.redistribution.distance import Distance, Spot, distance_between
from establishments.redistribution.held import Held, Order, order_of
from pui.aid.stocks import (
    PuiReference,
    Spare,
    declared_rows,
    held_by,
    required_today,
    spare_by,
)
from pui.models import LatestStock, Pui
from pui.people import Person
from pui.region.catalogue import Catalogue
from pui.region.contacts import people_of
from pui.region.figures import URGENCY
from pui.stock.freshness import fresh_q

MOST_DONORS = 50


@dataclass(frozen=True, slots=True)
class Holding:
    """What a pharmacy holds of one reference product, and how far it is from the one in need."""

    pui: Pui
    reference: str
    held: Held
    distance: Distance

    @property
    def surplus(self) -> int:
        return self.held.surplus

    @property
    def stock(self) -> Decimal:
        return Decimal(self.held.stock)

    @property
    def daily(self) -> Decimal:
        return Decimal(self.held.daily)

    @property
    def days(self) -> Decimal | None:
        return self.held.days

    @property
    def level(self) -> Level:
        return self.held.level


@dataclass(frozen=True)
class Donors:
    """``asked`` is what was looked for; ``own`` what the pharmacy in need holds of it, what it
    lacks most first. ``is_placed``: one is known, so that the others are near or far."""

    asked: str
    found: list[Holding]
    own: list[Holding]
    people: dict[int, list[Person]]
    stale: int
    short: int
    expiring: int
    is_placed: bool

    @property
    def total(self) -> int:
        return sum(one.surplus for one in self.found)


def named(catalogue: Catalogue, text: str) -> str:
    """The DCI or the reference product that a text names, whatever its capitals; empty: none."""
    plain = text.strip().casefold()
    names = [*catalogue.substances, *catalogue.references]
    exact = [name for name in names if name.casefold() == plain]
    begun = [name for name in names if plain and name.casefold().startswith(plain)]
    return next(iter([*exact, *begun]), "")


def pharmacies_of(user: User, now: datetime) -> QuerySet[Pui]:
    """Those whose lines the reader may see one by one."""
    rows = Pui.objects.for_user(user, to=Action.MED_READ).open_on(timezone.localdate(now))
    found: QuerySet[Pui] = rows.select_related("establishment__department")
    return found


def search_pharmacies(user: User, text: str, now: datetime) -> list[Pui]:
    """By the words or the number of their site: for whom help is looked for."""
    sites = Establishment.objects.search(text).values("pk")
    return list(pharmacies_of(user, now).filter(establishment__in=sites)[:MOST_DONORS])


def find_donors(
    user: User, catalogue: Catalogue, name: str, needing: Pui | None, now: datetime
) -> Donors:
    """Nearest first, then the nearest expiry, then the largest surplus; stale stocks are left out
    and counted."""
    reached = pharmacies_of(user, now)
    among: Any = reached.order_by().values("pk")
    references = {
        one.reference for one in catalogue.items.values() if name in (one.substance, one.reference)
    }
    spare = spare_by(catalogue, references, among, now)
    others = {key: one for key, one in spare.items() if needing is None or key[0] != needing.pk}
    giving = {key: one for key, one in others.items() if one.units}
    nearest = _nearest(reached, giving, needing, timezone.localdate(now))
    own = [key for key in spare if key not in others]
    chosen = [*nearest, *own]
    held = held_by(catalogue, references, {pui for pui, _ in chosen}, now)
    holdings = _holdings(reached, chosen, held, needing)
    found = holdings[: len(nearest)]
    told = declared_rows(catalogue, references, among)
    return Donors(
        asked=name,
        found=found,
        own=sorted(
            holdings[len(nearest) :],
            key=lambda one: (URGENCY.index(one.level), one.days or 0, one.reference),
        ),
        people=people_of({one.pui for one in found}),
        stale=stale_count(
            told.exclude(fresh_q(required_today(now), "due_on")), {pui for pui, _ in spare}
        ),
        short=len(others) - len(giving),
        expiring=sum(one.is_expiring for one in others.values()),
        is_placed=needing is not None,
    )


def _nearest(
    reached: QuerySet[Pui],
    giving: Mapping[PuiReference, Spare],
    needing: Pui | None,
    today: date,
) -> list[PuiReference]:
    """The first donors; a country has thousands, which are ranked without being read whole."""
    away: dict[int, int] = {}
    if needing is not None:
        told = reached.order_by().filter(pk__among={pui for pui, _ in giving})
        sites = list(told.values_list("pk", "establishment", "establishment__department"))
        spots = spots_in({site: department for _, site, department in sites})
        here = spots_of([needing.establishment])[needing.establishment_id]
        away = {pk: distance_between(here, spots[site]).rank for pk, site, _ in sites}

    def rank(key: PuiReference) -> tuple[Order, int, int]:
        one = giving[key]
        near = order_of(away[key[0]], one.expiry, today) if away else ()
        return near, -one.units, key[0]

    return sorted(giving, key=rank)[:MOST_DONORS]


def stale_count(stale: QuerySet[LatestStock], fresh: Collection[int]) -> int:
    """The pharmacies all of whose lines are stale: one that left a line out is read by the rest."""
    puis = set(stale.order_by().values_list("pui", flat=True).distinct())
    return len(puis.difference(fresh))


def _holdings(
    reached: QuerySet[Pui],
    keys: Sequence[PuiReference],
    held: Mapping[PuiReference, Held],
    needing: Pui | None,
) -> list[Holding]:
    """Without a pharmacy in need, nobody is near nor far."""
    rows = reached.order_by().filter(pk__among={pui for pui, _ in keys})
    puis: dict[int, Pui] = {one.pk: one for one in rows}
    sites = [one.establishment for one in puis.values()]
    spots = spots_of([*sites, *([needing.establishment] if needing else [])])
    here = spots[needing.establishment_id] if needing else Spot()
    return [
        Holding(
            puis[pui],
            reference,
            held[pui, reference],
            distance_between(here, spots[puis[pui].establishment_id]),
        )
        for pui, reference in keys
    ]
