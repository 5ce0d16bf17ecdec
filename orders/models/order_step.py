"""What happened to an order, as its people read it."""

from django.conf import settings
from django.db import models

from orders.models.order import Order, OrderRowQuerySet


class OrderStep(models.Model):
    """A line of the history that the people of an order read: what happened, when, by whom."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="steps", verbose_name="commande"
    )
    text = models.CharField("ce qui s’est passé", max_length=400)
    state = models.CharField("état", max_length=14, choices=Order.State, blank=True)
    at = models.DateTimeField("le")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="par",
    )
    author = models.CharField("auteur", max_length=100, blank=True)

    objects = OrderRowQuerySet.as_manager()

    class Meta:
        verbose_name = "étape d’une commande"
        verbose_name_plural = "étapes d’une commande"
        ordering = ["order", "at", "pk"]

    def __str__(self):
        return self.text
