"""What an order asks of each product."""

from django.db import models
from django.db.models import F, Q

from common.history import tracked
from orders.models.order import Order, OrderRowQuerySet
from orders.models.product import Product


@tracked()
class OrderLine(models.Model):
    """A product of an order, in units, always whole packs.

    ``confirmed``: what the warehouse said it would serve; ``shipped``, ``received``: what left,
    what came. ``price`` and ``tax_rate`` are those of the day it was sent.
    """

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="lines", verbose_name="commande"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", verbose_name="produit"
    )
    quantity = models.PositiveIntegerField("quantité (unités)")
    confirmed = models.PositiveIntegerField("confirmée (unités)", null=True)
    shipped = models.PositiveIntegerField("expédiée (unités)", default=0)
    received = models.PositiveIntegerField("reçue (unités)", null=True)
    price = models.DecimalField("prix du colis (€)", max_digits=9, decimal_places=2, null=True)
    tax_rate = models.DecimalField("TVA (%)", max_digits=4, decimal_places=2, null=True)

    objects = OrderRowQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de commande"
        verbose_name_plural = "lignes de commande"
        ordering = ["order", "product__item__rank", "product__rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="order_line_once"),
            models.CheckConstraint(name="order_line_counts", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="order_line_shipped_at_most_ordered", condition=Q(shipped__lte=F("quantity"))
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.product}"

    @property
    def packs(self) -> int:
        return self.quantity // self.product.units_per_pack
