"""What went wrong with a delivery, told to who served it, and their answers."""

import uuid

from django.conf import settings
from django.db import models

from common.history import tracked
from orders.models.order import Order, OrderQuerySet, OrderRowQuerySet
from orders.models.order_line import OrderLine
from orders.models.reception import Reception


class ClaimQuerySet(OrderRowQuerySet):
    def waiting(self):
        """For an answer of the warehouse or of the national cell."""
        return self.filter(state=Claim.State.OPEN)

    def standing(self):
        return self.exclude(state=Claim.State.CLOSED)


@tracked()
class Claim(models.Model):
    """A claim on an order; whoever serves the order answers, who opened it closes it.

    ``token`` is that of the form: sent twice, one claim. ``told_at`` is the last message's time.
    """

    class Kind(models.TextChoices):
        MISSING = "missing", "produits manquants"
        DAMAGED = "damaged", "produits abîmés"
        WRONG = "wrong", "mauvais produit"
        LATE = "late", "livraison en retard"
        OTHER = "other", "autre"

    class State(models.TextChoices):
        OPEN = "open", "ouverte"
        ANSWERED = "answered", "répondue"
        CLOSED = "closed", "close"

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="claims", verbose_name="commande"
    )
    line = models.ForeignKey(
        OrderLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="produit",
    )
    reception = models.ForeignKey(
        Reception,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name="réception",
    )
    token = models.UUIDField("jeton", default=uuid.uuid4)
    kind = models.CharField("motif", max_length=8, choices=Kind)
    quantity = models.PositiveIntegerField("quantité (unités)", null=True, blank=True)
    state = models.CharField("état", max_length=8, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    opened_at = models.DateTimeField("ouverte le")
    told_at = models.DateTimeField("dernier message le")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="close par",
    )
    closed_at = models.DateTimeField("close le", null=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "réclamation"
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "token"], name="claim_one_per_token"),
            models.CheckConstraint(
                name="claim_closed_says_when",
                condition=models.Q(state="closed", closed_at__isnull=False)
                | ~models.Q(state="closed") & models.Q(closed_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["state", "-told_at"], name="claim_to_answer")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.order}"


class ClaimRowQuerySet(OrderQuerySet):
    order_path = "claim__order"


class ClaimMessage(models.Model):
    """A message of a claim: of who ordered, or of who answers (``is_answer``)."""

    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="messages", verbose_name="réclamation"
    )
    token = models.UUIDField("jeton", default=uuid.uuid4)
    text = models.TextField("message", max_length=2000)
    is_answer = models.BooleanField("réponse", default=False)
    author = models.CharField("de la part de", max_length=150)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    at = models.DateTimeField("le")

    objects = ClaimRowQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["claim", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "token"], name="claim_message_one_per_token")
        ]

    def __str__(self):
        return self.text[:80]
