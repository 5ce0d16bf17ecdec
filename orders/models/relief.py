"""« Demande de dépannage »: an establishment short of something asks its ARS [004]."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Profile
from common.history import tracked
from epi_stocks.models import EpiItem, EquipmentNeed
from establishments.models import Establishment
from establishments.redistribution.states import NeedState
from orders.models.beneficiary import Beneficiary, BeneficiaryQuerySet
from orders.models.order import Order

LOST_ORDERS = (Order.State.CANCELLED, Order.State.REFUSED)
LOST_NEEDS = (NeedState.CANCELLED, NeedState.CLOSED)


class ReliefQuerySet(BeneficiaryQuerySet):
    beneficiary_path = "beneficiary"

    def open(self):
        return self.filter(state=ReliefRequest.State.OPEN)

    def to_answer(self):
        """What waits for the ARS: the open ones, and those whose answer came to nothing.

        Asked again since by the establishment, a request waits no more: the new one does.
        """
        newer = ReliefRequest.objects.filter(
            beneficiary=OuterRef("beneficiary"),
            site=OuterRef("site"),
            item=OuterRef("item"),
            pk__gt=OuterRef("pk"),
        )
        lost = Q(state=ReliefRequest.State.ORDERED, order__state__in=LOST_ORDERS)
        lost |= Q(state=ReliefRequest.State.AIDED, need__state__in=LOST_NEEDS)
        return self.filter(Q(state=ReliefRequest.State.OPEN) | lost & ~Exists(newer))

    def urgent_first(self):
        """The fewest days of cover, then the oldest; those who never declared come after."""
        return self.order_by(F("cover_days").asc(nulls_last=True), "asked_at", "pk")

    def for_list(self) -> Self:
        return self.select_related(
            "beneficiary__establishment",
            "beneficiary__legal_entity",
            "site__department",
            "item",
            "asked_by",
            "answered_by",
            "order",
            "need",
        )


@tracked()
class ReliefRequest(models.Model):
    """What one site lacks of an item, and the answer of its ARS.

    ``evidence`` is what the person saw attached when it was sent (stock, consumption, quota), and
    ``cover_days`` the days of cover of it, blank when they mean nothing. The answer is an order on
    the regional pool, a need of mutual aid, or a refusal with its reason. ``received``: the units
    that the establishment says came of the order, which is the agency's.
    """

    class State(models.TextChoices):
        OPEN = "open", "en attente de l’ARS"
        ORDERED = "ordered", "servie par le pot commun"
        AIDED = "aided", "confiée à l’entraide"
        REFUSED = "refused", "refusée"
        WITHDRAWN = "withdrawn", "retirée"

    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.PROTECT,
        related_name="relief_requests",
        verbose_name="bénéficiaire",
    )
    site = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="+", verbose_name="site à dépanner"
    )
    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="+", verbose_name="équipement"
    )
    quantity = models.PositiveIntegerField("quantité demandée (unités)")
    reason = models.CharField("motif", max_length=500)
    evidence = models.JSONField("situation jointe", default=dict)
    cover_days = models.DecimalField(
        "jours de couverture", max_digits=9, decimal_places=1, null=True
    )
    state = models.CharField("état", max_length=9, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="demandée par",
    )
    profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="sous le profil",
    )
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="réponse de",
    )
    answered_at = models.DateTimeField("répondue le", null=True)
    answer = models.CharField("réponse", max_length=500, blank=True)
    granted = models.PositiveIntegerField("accordée (unités)", null=True)
    received = models.PositiveIntegerField("reçue (unités)", null=True)
    order = models.OneToOneField(
        Order,
        on_delete=models.PROTECT,
        null=True,
        related_name="relief_request",
        verbose_name="commande",
    )
    need = models.ForeignKey(
        EquipmentNeed,
        on_delete=models.PROTECT,
        null=True,
        related_name="relief_requests",
        verbose_name="besoin d’entraide",
    )

    objects = ReliefQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de dépannage"
        verbose_name_plural = "demandes de dépannage"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="relief_of_something", condition=Q(quantity__gte=1)),
            models.UniqueConstraint(
                fields=["beneficiary", "site", "item"],
                condition=Q(state="open"),
                name="relief_one_open_per_item",
                violation_error_message="Une demande est déjà ouverte pour cet équipement.",
            ),
            models.CheckConstraint(
                name="relief_answer_is_whole",
                condition=Q(state="open", answered_at__isnull=True)
                | Q(state="ordered", order__isnull=False, granted__gte=1)
                | Q(state="aided", need__isnull=False)
                | Q(state="refused", answered_by__isnull=False) & ~Q(answer="")
                | Q(state="withdrawn", answered_at__isnull=False),
                violation_error_message="Une réponse a sa commande, son besoin ou son motif.",
            ),
        ]
        indexes = [
            models.Index(fields=["beneficiary", "-asked_at"], name="relief_of_beneficiary"),
        ]

    def __str__(self):
        return f"{self.item} – {self.site}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_lost(self) -> bool:
        """Answered by an order or a need that came to nothing."""
        if self.state == self.State.ORDERED and self.order is not None:
            return self.order.state in LOST_ORDERS
        if self.state == self.State.AIDED and self.need is not None:
            return self.need.state in LOST_NEEDS
        return False

    @property
    def standing(self) -> str:
        """Where it is, in words: also that its answer came to nothing."""
        if not self.is_lost:
            return self.get_state_display()
        what = f"commande {self.order.get_state_display()}" if self.is_ordered else "entraide close"
        return f"à reprendre, {what}"

    @property
    def is_ordered(self) -> bool:
        return self.state == self.State.ORDERED


class ReliefRowQuerySet(BeneficiaryQuerySet):
    beneficiary_path = "request__beneficiary"


class ReliefStep(models.Model):
    """A line of the history that both sides read: what happened, when, by whom."""

    request = models.ForeignKey(
        ReliefRequest, on_delete=models.CASCADE, related_name="steps", verbose_name="demande"
    )
    text = models.CharField("ce qui s’est passé", max_length=600)
    at = models.DateTimeField("le")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="par",
    )

    objects = ReliefRowQuerySet.as_manager()

    class Meta:
        verbose_name = "étape d’une demande de dépannage"
        verbose_name_plural = "étapes d’une demande de dépannage"
        ordering = ["request", "at", "pk"]

    def __str__(self):
        return self.text
