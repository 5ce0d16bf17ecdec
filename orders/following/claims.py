"""Which claims a person sees, and the thread of one, as each side reads it."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from accounts.models import User
from establishments.perimeter import Action
from orders.following.reading import NAMED, reads_as_warehouse
from orders.models import Claim, ClaimMessage, Order, Photo

OF_ORDER = tuple(f"order__{name}" for name in NAMED)


@dataclass(frozen=True, slots=True)
class Thread:
    """``by_warehouse``: no name of a person of the place. ``reads_order``: its page opens."""

    claim: Claim
    messages: list[ClaimMessage]
    is_own: bool
    may_answer: bool
    by_warehouse: bool
    reads_order: bool

    @property
    def is_open(self) -> bool:
        return bool(self.claim.state != Claim.State.CLOSED)

    @property
    def may_write(self) -> bool:
        return self.is_own or self.may_answer


def claims_seen(user: User) -> QuerySet[Claim]:
    """Those of the orders that one reads, and those that one answers."""
    read = Claim.objects.for_user(user, to=Action.ORD_READ)
    answered = Claim.objects.for_user(user, to=Action.CLAIM_ANSWER)
    found: QuerySet[Claim] = read | answered if user.may(Action.ORD_READ) else answered
    return found.select_related(*OF_ORDER, "line__product").order_by("-told_at", "-pk")


def thread_of(user: User, pk: int) -> Thread:
    """Out of reach, it does not exist."""
    claim = claims_seen(user).select_related("opened_by", "closed_by").filter(pk=pk).first()
    if claim is None:
        raise Http404
    rows = Claim.objects.filter(pk=pk)
    photos = Prefetch("photos", queryset=Photo.objects.told())
    may_answer = user.may(Action.CLAIM_ANSWER)
    return Thread(
        claim=claim,
        messages=list(claim.messages.select_related("by").prefetch_related(photos)),
        is_own=user.may(Action.CLAIM_OPEN) and rows.held_by(user, to=Action.CLAIM_OPEN).exists(),
        may_answer=may_answer and rows.for_user(user, to=Action.CLAIM_ANSWER).exists(),
        by_warehouse=reads_as_warehouse(user, Action.CLAIM_ANSWER),
        reads_order=_reads(user, claim.order_id),
    )


def _reads(user: User, order_id: int) -> bool:
    rows = Order.objects.for_user(user, to=Action.ORD_READ)
    return bool(rows.filter(pk=order_id).exists())
