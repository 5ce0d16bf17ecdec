"""What left a warehouse for an order: shipments, their lines and parcels."""

from django.db import models
from django.db.models import Q

from common.history import tracked
from orders.models.order import Order, OrderQuerySet
from orders.models.order_line import OrderLine


class ShipmentQuerySet(OrderQuerySet):
    order_path = "order"


@tracked()
class Shipment(models.Model):
    """One departure of an order; its number is the warehouse's own."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="shipments", verbose_name="commande"
    )
    number = models.CharField("numéro d’expédition", max_length=40)
    carrier = models.CharField("transporteur", max_length=60, blank=True)
    shipped_at = models.DateTimeField("expédiée le")
    expected_on = models.DateField("livraison prévue le", null=True)
    delivered_at = models.DateTimeField("livrée le", null=True)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = "expédition"
        ordering = ["order", "shipped_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="shipment_one_per_number")
        ]

    def __str__(self):
        return self.number


class ShipmentRowQuerySet(OrderQuerySet):
    order_path = "shipment__order"


@tracked()
class ShipmentLine(models.Model):
    """Units of a line of the order in one shipment."""

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="lines", verbose_name="expédition"
    )
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="shipments", verbose_name="ligne"
    )
    quantity = models.PositiveIntegerField("quantité (unités)")

    objects = ShipmentRowQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’expédition"
        verbose_name_plural = "lignes d’expédition"
        ordering = ["shipment", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(name="shipment_line_counts", condition=Q(quantity__gte=1)),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.line.product}"


@tracked()
class Parcel(models.Model):
    """A parcel, with the number by which its carrier follows it."""

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="parcels", verbose_name="expédition"
    )
    number = models.CharField("numéro de colis", max_length=40)
    state = models.CharField("dernier état", max_length=120, blank=True)
    state_at = models.DateTimeField("le", null=True)

    objects = ShipmentRowQuerySet.as_manager()

    class Meta:
        verbose_name = "colis"
        verbose_name_plural = "colis"
        ordering = ["shipment", "pk"]
        constraints = [models.UniqueConstraint(fields=["shipment", "number"], name="parcel_once")]

    def __str__(self):
        return self.number
