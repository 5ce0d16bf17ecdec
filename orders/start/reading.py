"""What the start page says to somebody, in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.doctor import Finding, Place
from accounts.models import User
from common.numbers import format_integer
from common.weeks import monday_of, shift
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from orders.eligibility import findings, unmet
from orders.models import Beneficiary, Order, OrderLine
from orders.reading import agency_for, enlisted, ordering_place_of, orders_today
from orders.registration import is_registered
from orders.services.holders import Holder
from orders.services.room import Counter, counters_of
from orders.tension.state import ItemState, Situation, situation_of

MOST_ORDERS = 5


@dataclass(frozen=True, slots=True)
class Allowed:
    """An equipment in tension with « commandé/autorisé » of the week; 0/0 without a quota."""

    state: ItemState
    used: int = 0
    granted: int = 0

    @property
    def left(self) -> int:
        return self.granted - self.used

    @property
    def share(self) -> int:
        """For the gauge, in hundredths."""
        return 100 * self.used // self.granted if self.granted else 0

    @property
    def is_spent(self) -> bool:
        return bool(self.granted) and not self.left

    @property
    def text(self) -> str:
        """« Gants 300/1 200 »."""
        return f"{self.state.name} {format_integer(self.used)}/{format_integer(self.granted)}"


@dataclass(frozen=True)
class Start:
    """``refusals``: why the place of the profile in use does not order; empty when it does."""

    situation: Situation
    next_week: date
    place: Place | None = None
    beneficiary: Beneficiary | None = None
    agency: AdministrativeBody | None = None
    refusals: list[Finding] = field(default_factory=list)
    conditions: list[Finding] = field(default_factory=list)
    is_registered: bool = True
    may_order: bool = False
    allowed: list[Allowed] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    is_national: bool = False

    @property
    def doctor(self) -> str:
        """The access doctor, filled with this place."""
        asked = {"application": "commander"}
        if self.place:
            asked["etablissement"] = self.place.finess
        return f"{reverse('access')}?{urlencode(asked)}"


def start_of(user: User, today: date) -> Start:
    place, agency = ordering_place_of(user), agency_for(user)
    week = monday_of(today)
    if place is not None:
        return _of_place(user, place, today)
    situation = situation_of(_region_code(user), today)
    return Start(
        situation=situation,
        next_week=shift(week, 1),
        agency=agency,
        is_registered=agency is None or is_registered(user.active_profile),
        may_order=agency is not None and orders_today(user),
        allowed=allowed_to(Holder(agency=agency), situation.tense, week) if agency else [],
        orders=_orders(user) if agency else [],
        is_national=bool(user.perimeter_to(Action.DASH_ORD).is_national),
    )


def _of_place(user: User, place: Place, today: date) -> Start:
    beneficiary, week = enlisted(place), monday_of(today)
    situation = situation_of(place.region_id, today)
    if beneficiary is None:
        conditions = findings(place)
        return Start(
            situation=situation,
            next_week=shift(week, 1),
            place=place,
            refusals=unmet(conditions),
            conditions=conditions,
        )
    return Start(
        situation=situation,
        next_week=shift(week, 1),
        place=place,
        beneficiary=beneficiary,
        is_registered=is_registered(user.active_profile),
        may_order=user.may(Action.ORD_WRITE),
        allowed=allowed_to(Holder(beneficiary=beneficiary), situation.tense, week),
        orders=_orders(user),
    )


def _region_code(user: User) -> str | None:
    profile = user.active_profile
    code: str | None = profile.region_id if profile else None
    return code


def allowed_to(holder: Holder, states: Sequence[ItemState], week: date) -> list[Allowed]:
    """Of each equipment in tension, what its quota or its pool counts; one statement."""
    known = counters_of(holder, week)
    return [_allowed(one, known.get(one.item.pk)) for one in states]


def _allowed(state: ItemState, row: Counter | None) -> Allowed:
    return Allowed(state, row.used, row.granted) if row else Allowed(state)


def _orders(user: User) -> list[Order]:
    """The latest under way, or a basket that this person left behind."""
    rows = Order.objects.for_user(user, to=Action.ORD_READ).exclude(state__in=Order.ENDED)
    filled = Exists(OrderLine.objects.filter(order=OuterRef("pk")))
    rows = rows.filter(~Q(state=Order.State.DRAFT) | Q(filled, created_by=user))
    own = rows.to_write(user) if user.may(Action.ORD_WRITE) else rows
    return list(own.for_list().order_by("-pk")[:MOST_ORDERS])
