"""The corrections that wait for an answer, the oldest first."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from orders.doctrine.reading import doctrine_on, groups_by_category
from orders.models import Capacity, CapacityRequest
from orders.services.capacity_requests import mark_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request with what is known now. ``own``: asked by who reads, somebody else decides."""

    request: CapacityRequest
    known: Capacity | None
    is_counted: bool
    own: bool

    @property
    def mark(self) -> str:
        return mark_of(self.known)

    @property
    def gap(self) -> int:
        return self.request.asked - (self.known.quantity if self.known else 0)

    @property
    def has_changed(self) -> bool:
        """What is known is no longer what it was when the correction was asked."""
        return (self.known.quantity if self.known else None) != self.request.known

    @property
    def days(self) -> int:
        return (timezone.localdate() - timezone.localdate(self.request.asked_at)).days


def requests_to_decide(user: User) -> QuerySet[CapacityRequest]:
    rows = CapacityRequest.objects.for_user(user, to=Action.CAP_VALIDATE)
    found: QuerySet[CapacityRequest] = rows.filter(state=CapacityRequest.State.OPEN)
    return found.order_by("asked_at", "pk")


def waiting_rows(requests: QuerySet[CapacityRequest], user: User) -> list[Waiting]:
    """In four statements whatever their number."""
    rows = list(requests.select_related("establishment__category", "asked_by"))
    sites = {row.establishment_id for row in rows}
    known = {
        (one.establishment_id, one.basis): one
        for one in Capacity.objects.filter(establishment__in=sites)
    }
    groups = groups_by_category(doctrine_on(timezone.localdate()))
    return [
        Waiting(
            row,
            known.get((row.establishment_id, row.basis)),
            _basis_of(groups.get(row.establishment.category_id)) == row.basis,
            row.asked_by_id == user.pk,
        )
        for row in rows
    ]


def _basis_of(group: object) -> str:
    return getattr(group, "basis", "")
