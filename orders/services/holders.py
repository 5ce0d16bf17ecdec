"""For whom one orders: the beneficiary of the profile in use, or an ARS, on its pool [003, 004]."""

from dataclasses import dataclass, replace
from typing import Any

from accounts.models import User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action, Perimeter
from orders.models import Beneficiary, Order
from orders.services.errors import OrderingError

Kind = AdministrativeBody.Kind


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever an order is for: one of the two, never both."""

    beneficiary: Beneficiary | None = None
    agency: AdministrativeBody | None = None

    @property
    def key(self) -> dict[str, Any]:
        """What selects the rows that are this holder's."""
        if self.beneficiary is not None:
            return {"beneficiary": self.beneficiary}
        return {"agency": self.agency}

    @property
    def kind(self) -> Order.Kind:
        return Order.Kind.QUOTA if self.beneficiary else Order.Kind.POOL

    @property
    def region_id(self) -> str | None:
        owner = self.beneficiary or self.agency
        return getattr(owner, "region_id", None)

    @property
    def place(self) -> object:
        """What the journal names."""
        return self.beneficiary.place if self.beneficiary else self.agency

    @property
    def name(self) -> str:
        return str(self.beneficiary or self.agency)


def holder_of_order(order: Order) -> Holder:
    return Holder(order.beneficiary, order.agency)


def holders_of(user: User, to: Action = Action.ORD_WRITE) -> list[Holder]:
    """Those that the profile in use orders for: one in practice, none for who only reads."""
    held = user.perimeter_to(to)
    own = replace(held, region_codes=frozenset(), is_national=False)
    found = Beneficiary.objects.within(own).select_related(
        "establishment__category", "legal_entity", "region", "platform", "category"
    )
    if own.establishment_ids or own.legal_entity_ids:
        return [Holder(beneficiary=one) for one in found]
    return [Holder(agency=one) for one in _agencies(held)]


def _orders_for(by: User, holder: Holder) -> bool:
    """As ``holders_of``, of one alone."""
    held = by.perimeter_to(Action.ORD_WRITE)
    if holder.beneficiary is None:
        return any(one == holder.agency for one in _agencies(held))
    own = replace(held, region_codes=frozenset(), is_national=False)
    return bool(holder.beneficiary.is_within(own))


def _agencies(held: Perimeter) -> list[AdministrativeBody]:
    bodies = AdministrativeBody.objects.filter(kind=Kind.ARS).select_related("region")
    own = bodies.filter(pk__in=held.operator_ids) | bodies.filter(region__in=held.region_codes)
    return list(own)


def require_may_order(by: User, holder: Holder, is_region_served: bool) -> None:
    """The conditions of [003], said one by one: the role, the list, the region served."""
    if not _orders_for(by, holder):
        raise OrderingError(
            f"Le profil que vous utilisez ne commande pas pour {holder.name}\u00a0: choisissez un "
            "profil «\u00a0Opérateur commande EPI\u00a0» de cet établissement."
        )
    if holder.beneficiary is not None and not holder.beneficiary.is_listed:
        raise OrderingError(
            f"{holder.name} ne fait plus partie des bénéficiaires du stock de l’État."
        )
    if not is_region_served:
        raise OrderingError("Votre région n’est pas servie par le stock de l’État à ce jour.")
