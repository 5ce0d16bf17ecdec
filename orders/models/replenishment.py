"""Products that go from the stock of Santé publique France to the warehouse of La Poste [004]."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from establishments.models import AdministrativeBody
from establishments.perimeter import Perimeter, PerimeterQuerySet
from orders.models.product import Product


class ReplenishmentQuerySet(PerimeterQuerySet):
    """Of the country, or of the two operators concerned."""

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        held = perimeter.operator_ids
        return self.filter(Q(source__in=held) | Q(target__in=held))

    def under_way(self):
        return self.filter(state__in=Replenishment.UNDER_WAY)


@tracked()
class Replenishment(models.Model):
    """Units of a product to move from one warehouse to the other.

    Proposed by a warehouse or by the calculation, asked by the national cell, shipped by the one
    (its stock goes down), received by the other (its own goes up by what came).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposée"
        ASKED = "asked", "demandée"
        SHIPPED = "shipped", "expédiée"
        RECEIVED = "received", "reçue"
        DROPPED = "dropped", "abandonnée"

    UNDER_WAY = ("proposed", "asked", "shipped")

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", verbose_name="produit"
    )
    source = models.ForeignKey(
        AdministrativeBody, on_delete=models.PROTECT, related_name="+", verbose_name="depuis"
    )
    target = models.ForeignKey(
        AdministrativeBody, on_delete=models.PROTECT, related_name="+", verbose_name="vers"
    )
    quantity = models.PositiveIntegerField("quantité (unités)")
    received = models.PositiveIntegerField("reçu (unités)", null=True)
    state = models.CharField("état", max_length=8, choices=State)
    reason = models.CharField("motif", max_length=300, blank=True)
    proposed_at = models.DateTimeField("proposée le", auto_now_add=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="proposée par",
    )
    asked_at = models.DateTimeField("demandée le", null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="demandée par",
    )
    shipped_at = models.DateTimeField("expédiée le", null=True)
    received_at = models.DateTimeField("reçue le", null=True)

    objects = ReplenishmentQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de réassort"
        verbose_name_plural = "demandes de réassort"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="replenishment_counts",
                condition=Q(quantity__gte=1),
                violation_error_message="La quantité est d’au moins une unité.",
            ),
            models.CheckConstraint(
                name="replenishment_between_two", condition=~Q(source=F("target"))
            ),
            models.UniqueConstraint(
                fields=["product", "target"],
                condition=Q(state__in=["proposed", "asked"]),
                name="replenishment_one_at_a_time",
                violation_error_message="Un réassort de ce produit est déjà demandé.",
            ),
        ]

    def __str__(self):
        return f"{self.product}\u00a0: {self.quantity} unités"

    @property
    def pallets(self) -> int | None:
        """Whole ones; None when the product does not say how many units stand on one."""
        per_pallet = self.product.units_per_pallet
        return -(-self.quantity // per_pallet) if per_pallet else None
