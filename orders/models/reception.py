"""What a place received of an order, line by line, with what differed and why."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Profile
from common.history import tracked
from orders.models.order import Order, OrderQuerySet, OrderRowQuerySet
from orders.models.order_line import OrderLine
from orders.models.shipment import Shipment


@tracked()
class Reception(models.Model):
    """One delivery as it was received: of a shipment, or (``shipment`` blank) of the whole order.

    ``token`` is that of the form: sent twice, one reception. ``version`` counts its corrections:
    who corrects what somebody else corrected meanwhile reads it first.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="receptions", verbose_name="commande"
    )
    shipment = models.ForeignKey(
        Shipment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="receptions",
        verbose_name="expédition",
    )
    token = models.UUIDField("jeton", default=uuid.uuid4)
    received_on = models.DateField("reçue le")
    comment = models.CharField("commentaire", max_length=500, blank=True)
    version = models.PositiveSmallIntegerField("version", default=1)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    told_at = models.DateTimeField("confirmée le")
    profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="sous le profil",
    )
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="corrigée par",
    )
    corrected_at = models.DateTimeField("corrigée le", null=True)

    objects = OrderRowQuerySet.as_manager()

    class Meta:
        verbose_name = "réception"
        ordering = ["order", "told_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "token"], name="reception_one_per_token")
        ]

    def __str__(self):
        return f"réception du {self.received_on:%d/%m/%Y} de {self.order}"


class ReceptionLineQuerySet(OrderQuerySet):
    order_path = "reception__order"


@tracked()
class ReceptionLine(models.Model):
    """Units of a product of the order in one reception.

    ``expected``: what was still to come when it was told; ``received``: what came in a good state;
    ``damaged``: what came and cannot be used. What is neither is the difference, which ``gap``
    explains; only what is « still to come » stays expected afterwards.
    """

    class Gap(models.TextChoices):
        LATER = "later", "encore attendu"
        MISSING = "missing", "manquant"
        WRONG = "wrong", "autre produit livré"
        SURPLUS = "surplus", "livré en trop"
        OTHER = "other", "autre motif (à dire en commentaire)"

    reception = models.ForeignKey(
        Reception, on_delete=models.CASCADE, related_name="lines", verbose_name="réception"
    )
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="receptions", verbose_name="ligne"
    )
    expected = models.PositiveIntegerField("attendu (unités)")
    received = models.PositiveIntegerField("reçu en bon état (unités)")
    damaged = models.PositiveIntegerField("abîmé (unités)", default=0)
    gap = models.CharField("motif de l’écart", max_length=7, choices=Gap, blank=True)

    objects = ReceptionLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de réception"
        verbose_name_plural = "lignes de réception"
        ordering = ["reception", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reception", "line"], name="reception_line_once"),
            models.CheckConstraint(
                name="reception_gap_is_explained",
                condition=Q(expected=models.F("received") + models.F("damaged")) | ~Q(gap=""),
                violation_error_message="Un écart porte un motif.",
            ),
        ]

    def __str__(self):
        return f"{self.received} × {self.line.product}"

    @property
    def came(self) -> int:
        return self.received + self.damaged

    @property
    def difference(self) -> int:
        """What came less what was expected; negative when some is missing."""
        return self.came - self.expected

    @property
    def is_problem(self) -> bool:
        """Something to claim: damaged, or a difference that does not settle itself."""
        return bool(self.damaged or (self.difference and self.gap != self.Gap.LATER))
