"""For whom the person who opens the catalogue orders or looks, and what they may do there."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from orders.reading import ordering_for, ordering_place_of
from orders.rules import is_served, served_regions
from orders.services.holders import Holder

Kind = AdministrativeBody.Kind


@dataclass(frozen=True, slots=True)
class Visit:
    """``holder`` is None for the country, and for a place that orders nothing."""

    holder: Holder | None
    may_order: bool
    is_placed: bool = False
    is_served: bool = True

    @property
    def region_id(self) -> str | None:
        return self.holder.region_id if self.holder else None

    @property
    def beneficiary(self) -> object:
        return self.holder.beneficiary if self.holder else None

    @property
    def agency(self) -> object:
        return self.holder.agency if self.holder else None

    @property
    def is_refused(self) -> bool:
        """On a place that does not order: the access doctor tells why."""
        return self.is_placed and (self.holder is None or not self.is_served)


def visit_of(user: User, day: date) -> Visit:
    may_order = user.may(Action.ORD_WRITE)
    if ordering_place_of(user) is not None:
        found = ordering_for(user)
        holder = Holder(beneficiary=found) if found else None
        served = found is not None and is_served(found.region_id, served_regions(day))
        return Visit(holder, may_order and served, is_placed=True, is_served=served)
    agency = _agency_of(user)
    if agency is None:
        return Visit(None, False)
    served = is_served(agency.region_id, served_regions(day))
    return Visit(Holder(agency=agency), may_order and served, is_served=served)


def _agency_of(user: User) -> AdministrativeBody | None:
    """The ARS of the profile in use, for who orders on its pool or only reads it."""
    body: AdministrativeBody | None = getattr(user.active_profile, "body", None)
    return body if body is not None and body.kind == Kind.ARS else None
