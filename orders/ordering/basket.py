"""The review page: each line against its quota, and what will happen once it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from common.weeks import PARIS, current_week
from orders.models import DeliveryAddress, Order, Product, Registration
from orders.ordering.addresses import addresses_of, last_delivery
from orders.ordering.forms import BasketForm, field_name, products_named
from orders.services.drafts import draft_of
from orders.services.holders import Holder
from orders.services.refusals import LineRefusal
from orders.services.room import Room, refusals_of, room_of
from orders.services.routing import Route, Terms, terms_of
from orders.services.sending import units_of


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the table shows it; ``kept`` is what a colleague wrote meanwhile."""

    product: Product
    field: forms.BoundField
    units: int
    granted: int
    used: int
    after: int
    refusal: LineRefusal | None
    kept: int | None = None

    @property
    def packs(self) -> int:
        return self.units // self.product.units_per_pack

    @property
    def shown_packs(self) -> int:
        return self.possible_packs if self.refusal else self.packs

    @property
    def possible_packs(self) -> int:
        possible = self.refusal.possible if self.refusal else None
        return (possible or 0) // self.product.units_per_pack


@dataclass(frozen=True, slots=True)
class Forecast:
    """« Ce qui va se passer »: who serves, until when it changes, when it comes."""

    route: Route
    editable_until: datetime
    expected_on: date

    @property
    def is_today(self) -> bool:
        return self.editable_until.astimezone(PARIS).date() == timezone.localdate()


@dataclass(slots=True)
class Basket:
    """Whose it is, the draft (or the order being changed), its form and its addresses."""

    holder: Holder
    order: Order | None
    form: BasketForm
    addresses: list[DeliveryAddress]
    room: Room
    forecast: Forecast
    refused: Mapping[int, LineRefusal]
    finess: str = ""
    kept: Mapping[int, int] | None = None

    @property
    def rows(self) -> list[Row]:
        products = self.form.products
        units = {one.pk: self.form.units_typed(one) for one in products}
        return [self._row(one, units) for one in products]

    def _row(self, product: Product, units: Mapping[int, int]) -> Row:
        counter = self.room.counter_of(product)
        asked = sum(
            number
            for pk, number in units.items()
            if self.room.products[pk].item_id == product.item_id
        )
        own = self.room.held_of_item(product.item_id)
        return Row(
            product=product,
            field=self.form[field_name(product.pk)],
            units=units[product.pk],
            granted=counter.granted if counter else 0,
            used=(counter.used if counter else 0) - own,
            after=max(0, self.room.free_of_item(product.item_id) - asked),
            refusal=self.refused.get(product.pk),
            kept=self.kept.get(product.pk, 0) if self.kept is not None else None,
        )

    @property
    def is_place_unknown(self) -> bool:
        """An ARS named an establishment that is no beneficiary of its region, or has no address."""
        return bool(self.finess) and not any(one.beneficiary_id for one in self.addresses)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is asked: whose basket, what was typed, what was refused of it."""

    holder: Holder
    user: User
    data: Any = None
    finess: str = ""


def basket_of(asked: Asked, now: datetime) -> Basket:
    """The draft of the person, with what of it does not hold any more, or what they typed of it."""
    draft = draft_of(asked.user, asked.holder)
    kept = units_of(draft) if draft else {}
    named = products_named(asked.data) if asked.data is not None else list(kept)
    initial = {"jeton": draft.token, "vue": draft.saved_at.isoformat()} if draft else {}
    shown = _built(asked, draft, kept, named, initial, now)
    if draft is not None and asked.data is None:
        shown.refused = refusals_of(shown.room, kept, draft.saved_at)
    return shown


def basket_of_order(asked: Asked, order: Order, seen: str, now: datetime) -> Basket:
    """An order sent, to change: the same page, the units it holds being its own."""
    kept = units_of(order)
    named = products_named(asked.data) if asked.data is not None else []
    named = list(dict.fromkeys([*kept, *named]))
    initial = {"jeton": order.token, "vue": seen}
    return _built(asked, order, kept, named, initial, now)


def _built(
    asked: Asked,
    order: Order | None,
    kept: dict[int, int],
    named: list[int],
    initial: dict[str, Any],
    now: datetime,
) -> Basket:
    holder = asked.holder
    is_sent = order is not None and order.state != Order.State.DRAFT
    terms = _terms(holder, order if is_sent else None, now)
    week = order.week if is_sent and order is not None and order.week else current_week(now)
    held = {pk: units for pk, units in kept.items() if pk in named} if is_sent else {}
    day = now.astimezone(PARIS).date()
    room = room_of(holder, named, terms.route, day=day, week=week, held=held)
    products = list(room.products.values())
    addresses = addresses_of(holder, asked.finess)
    form = BasketForm(
        asked.data,
        products=products,
        addresses=addresses,
        quantities=kept,
        initial=initial | _delivery(asked, order, addresses),
    )
    return Basket(
        holder, order, form, addresses, room, _forecast(terms, products, now), {}, asked.finess
    )


def _terms(holder: Holder, sent: Order | None, now: datetime) -> Terms:
    """Of today; an order already sent keeps its warehouse."""
    terms = terms_of(holder.beneficiary, holder.region_id, now.astimezone(PARIS).date())
    if sent is None or sent.operator is None:
        return terms
    route = Route(sent.operator, sent.platform, f"Servie par {sent.operator}.")
    return replace(terms, route=route)


def _forecast(terms: Terms, products: list[Product], now: datetime) -> Forecast:
    closing = terms.rule.closing(now)
    delay = max((one.delay_days for one in products), default=0)
    return Forecast(terms.route, closing, terms.rule.expected(closing, delay))


def _delivery(
    asked: Asked, order: Order | None, addresses: list[DeliveryAddress]
) -> dict[str, Any]:
    """What the draft keeps, else where and whom the last order went to, else who is registered."""
    last = order if order is not None and order.contact_name else last_delivery(asked.holder)
    usable = [one.pk for one in addresses if one.state == DeliveryAddress.State.VALIDATED]
    kept = order.address_id if order and order.address_id else last.address_id if last else None
    name, phone = (last.contact_name, last.contact_phone) if last else _own_contact(asked.user)
    return {
        "adresse": kept if kept in usable else next(iter(usable), None),
        "contact": name,
        "telephone": phone,
        "commentaire": order.comment if order else "",
    }


def _own_contact(user: User) -> tuple[str, str]:
    """Oneself, as registered for orders."""
    known = Registration.objects.filter(profile=user.active_profile).first()
    if known is None:
        return str(user), user.phone
    return f"{known.first_name} {known.last_name}", known.phone
