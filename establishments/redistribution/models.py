"""The fields of needs and transfers. Each app adds what is asked, for whom, and who gives."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When

from establishments.perimeter import Perimeter, PerimeterQuerySet
from establishments.redistribution.distance import Source
from establishments.redistribution.held import UNIT, units_text
from establishments.redistribution.states import (
    LIVE,
    NeedState,
    Part,
    Side,
    Standing,
    Step,
    TransferState,
    Urgency,
    after,
    remaining,
)

PERSON: dict[str, Any] = {
    "on_delete": models.PROTECT,
    "null": True,
    "blank": True,
    "related_name": "+",
}


class NeedQuerySet(PerimeterQuerySet):
    """Seen from the place in need. The app sets ``perimeter_path``."""

    def open(self) -> Self:
        return self.filter(state=NeedState.OPEN)

    def ended(self) -> Self:
        return self.exclude(state=NeedState.OPEN)

    def urgent_first(self) -> Self:
        ranks = [When(urgency=one, then=one.rank) for one in Urgency]
        return self.order_by(Case(*ranks), "wanted_on", "pk")


class Need(models.Model):
    """Somebody is short of something: how much, why, for when (units).

    ``is_beyond``: the agency asks the national cell to look beyond its region.
    """

    quantity = models.PositiveIntegerField("quantité demandée")
    reason = models.CharField("motif", max_length=500)
    urgency = models.CharField("urgence", max_length=5, choices=Urgency, default=Urgency.SOON)
    wanted_on = models.DateField("souhaité pour le")
    is_beyond = models.BooleanField("chercher hors de la région", default=False)
    state = models.CharField("état", max_length=9, choices=NeedState, default=NeedState.OPEN)
    opened_at = models.DateTimeField("ouvert le", auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="terminé par", **PERSON)
    answer = models.CharField("réponse", max_length=500, blank=True)

    transfers: Any  # the manager of the app: ``related_name="transfers"``
    place_field: str  # of the app: who is short
    goods_field: str  # of the app: what lacks

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_something", condition=Q(quantity__gte=1)
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ended_when_it_is",
                condition=Q(state=NeedState.OPEN, ended_at__isnull=True)
                | (~Q(state=NeedState.OPEN) & Q(ended_at__isnull=False)),
            ),
        ]

    @property
    def place(self) -> Any:
        return getattr(self, self.place_field)

    @property
    def place_pk(self) -> int:
        found: int = getattr(self, f"{self.place_field}_id")
        return found

    @property
    def goods(self) -> Any:
        return getattr(self, self.goods_field)

    @property
    def goods_pk(self) -> int:
        found: int = getattr(self, f"{self.goods_field}_id")
        return found

    @property
    def is_open(self) -> bool:
        return self.state == NeedState.OPEN

    @property
    def urgency_rank(self) -> int:
        return Urgency(self.urgency).rank

    @property
    def remaining(self) -> int:
        """Units still to find. Reads ``transfers``: prefetch them for a list."""
        return remaining(self.quantity, [one.part for one in self.transfers.all()])

    def end(self, state: NeedState, *, by: Any, at: datetime, answer: str) -> None:
        self.state, self.ended_by, self.ended_at, self.answer = state, by, at, answer


class TransferQuerySet(PerimeterQuerySet):
    """Seen from the giver and from the taker. The app sets both paths."""

    giver_path = "giver"
    taker_path = "need__place"

    def within(self, perimeter: Perimeter) -> Self:
        if perimeter.is_national:
            return self.all()
        return self.filter(perimeter.as_q(self.giver_path) | perimeter.as_q(self.taker_path))

    def given_within(self, perimeter: Perimeter) -> Self:
        return self.filter(perimeter.as_q(self.giver_path))

    def taken_within(self, perimeter: Perimeter) -> Self:
        return self.filter(perimeter.as_q(self.taker_path))

    def live(self) -> Self:
        return self.filter(state__in=LIVE)


STATE = TransferState


def done_when(name: str, states: list[TransferState]) -> models.CheckConstraint:
    """In these states the step ``name`` has been taken: its date is there."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{name}_told",
        condition=~Q(state__in=states) | Q(**{f"{name}_at__isnull": False}),
    )


class Transfer(models.Model):
    """So many units from one place to the place in need, step by step, each with its date and hand.

    ``explanation`` holds what the proposal was computed from, as JSON; the app writes the sentence.
    ``nearest_expiry`` is told by the giver when shipping; ``declared_expiry`` was, with its stock.
    """

    quantity = models.PositiveIntegerField("quantité")
    state = models.CharField("état", max_length=9, choices=STATE, default=STATE.PROPOSED)
    explanation = models.JSONField("explication", default=dict, blank=True)
    distance_km = models.PositiveIntegerField("distance (km)", null=True, blank=True)
    distance_source = models.CharField(
        "distance connue par", max_length=10, choices=Source, default=Source.UNKNOWN
    )
    nearest_expiry = models.DateField("péremption la plus proche", null=True, blank=True)
    proposed_at = models.DateTimeField("proposé le", auto_now_add=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="proposé par", **PERSON)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="confirmé par", **PERSON
    )
    giver_accepted_at = models.DateTimeField("accepté par le donneur le", null=True, blank=True)
    giver_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="accepté chez le donneur par", **PERSON
    )
    taker_accepted_at = models.DateTimeField("accepté par le receveur le", null=True, blank=True)
    taker_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="accepté chez le receveur par", **PERSON
    )
    shipped_at = models.DateTimeField("expédié le", null=True, blank=True)
    shipped_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="expédié par", **PERSON)
    shipping_note = models.CharField("transport et lots", max_length=250, blank=True)
    received_at = models.DateTimeField("reçu le", null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="reçu par", **PERSON)
    received_quantity = models.PositiveIntegerField("quantité reçue", null=True, blank=True)
    reception_comment = models.CharField("écart à la réception", max_length=250, blank=True)
    ended_at = models.DateTimeField("refusé ou annulé le", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="refusé ou annulé par", **PERSON
    )
    ended_side = models.CharField("du côté de", max_length=6, choices=Side, blank=True)
    ending_reason = models.CharField("motif du refus", max_length=500, blank=True)

    need: Any  # of the app: ``related_name="transfers"``
    giver: Any  # of the app
    giver_id: int

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_something", condition=Q(quantity__gte=1)
            ),
            done_when("confirmed", [STATE.CONFIRMED, STATE.ACCEPTED, STATE.SHIPPED]),
            done_when("giver_accepted", [STATE.ACCEPTED, STATE.SHIPPED, STATE.RECEIVED]),
            done_when("taker_accepted", [STATE.ACCEPTED, STATE.SHIPPED, STATE.RECEIVED]),
            done_when("shipped", [STATE.SHIPPED, STATE.RECEIVED]),
            done_when("received", [STATE.RECEIVED]),
            done_when("ended", [STATE.REFUSED, STATE.CANCELLED]),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_received_is_counted",
                condition=Q(state=STATE.RECEIVED, received_quantity__isnull=False)
                | (~Q(state=STATE.RECEIVED) & Q(received_quantity__isnull=True)),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_difference_is_told",
                condition=Q(received_quantity__isnull=True)
                | Q(received_quantity=F("quantity"))
                | ~Q(reception_comment=""),
            ),
        ]

    @property
    def units(self) -> str:
        """« 120 ampoules »."""
        return units_text(self.quantity, self.explanation.get("unit", UNIT))

    @property
    def declared_expiry(self) -> date | None:
        told = self.explanation.get("expiry")
        return date.fromisoformat(told) if told else None

    @property
    def part(self) -> Part:
        return Part(TransferState(self.state), self.quantity, self.received_quantity)

    @property
    def standing(self) -> Standing:
        told = {Side.GIVER: self.giver_accepted_at, Side.TAKER: self.taker_accepted_at}
        accepted = frozenset(side for side, at in told.items() if at)
        return Standing(TransferState(self.state), accepted)

    def take(self, step: Step, side: Side, *, by: Any, at: datetime, reason: str = "") -> None:
        """Apply one step, in memory; the row is locked before and saved after by the service.

        Raise ``StepError``. What a step tells besides (expiry, quantity received, its comment) is
        set by the service.
        """
        self.state = after(self.standing, step, side).state
        match step:
            case Step.CONFIRM:
                self.confirmed_by, self.confirmed_at = by, at
            case Step.ACCEPT:
                setattr(self, f"{side.value}_accepted_by", by)
                setattr(self, f"{side.value}_accepted_at", at)
            case Step.SHIP:
                self.shipped_by, self.shipped_at = by, at
            case Step.RECEIVE:
                self.received_by, self.received_at = by, at
            case Step.REFUSE | Step.CANCEL:
                self.ended_by, self.ended_at = by, at
                self.ended_side, self.ending_reason = side, reason

    def tell_reception(self, quantity: int, comment: str) -> None:
        self.received_quantity, self.reception_comment = quantity, comment

    def tell_shipping(self, expiry: date | None, note: str) -> None:
        self.nearest_expiry, self.shipping_note = expiry, note
