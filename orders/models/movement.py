"""The ledger of the counters that orders use up."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from orders.models.order import Order, OrderRowQuerySet
from orders.models.product import Stock
from orders.models.quota import Quota, RegionalPool


class Movement(models.Model):
    """The ledger: each change of a counter (quota, pool or stock), its cause and its order.

    ``quantity``: units taken (positive) or given back (negative). The sum of the movements of a
    counter is what it says was taken: a test compares the two.
    """

    class Cause(models.TextChoices):
        ORDERED = "ordered", "commande"
        CHANGED = "changed", "commande modifiée"
        CANCELLED = "cancelled", "commande annulée"
        REFUSED = "refused", "commande refusée ou servie en partie"
        SHIPPED = "shipped", "expédition"
        COUNTED = "counted", "état de stock reçu"
        REPLENISHED = "replenished", "réassort"

    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        null=True,
        related_name="movements",
        verbose_name="commande",
    )
    quota = models.ForeignKey(
        Quota,
        on_delete=models.PROTECT,
        null=True,
        related_name="movements",
        verbose_name="contingent",
    )
    pool = models.ForeignKey(
        RegionalPool,
        on_delete=models.PROTECT,
        null=True,
        related_name="movements",
        verbose_name="pot commun",
    )
    stock = models.ForeignKey(
        Stock, on_delete=models.PROTECT, null=True, related_name="movements", verbose_name="stock"
    )
    quantity = models.IntegerField("quantité (unités)")
    cause = models.CharField("cause", max_length=11, choices=Cause)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="par",
    )

    objects = OrderRowQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="movement_of_one_counter",
                condition=Q(quota__isnull=False, pool__isnull=True, stock__isnull=True)
                | Q(quota__isnull=True, pool__isnull=False, stock__isnull=True)
                | Q(quota__isnull=True, pool__isnull=True, stock__isnull=False),
            )
        ]
        # rows come in the order of their moment: this one costs nearly nothing to keep
        indexes = [BrinIndex(fields=["at"], name="movement_lately", pages_per_range=32)]

    def __str__(self):
        return f"{self.quantity} ({self.get_cause_display()})"
