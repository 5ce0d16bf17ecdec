"""The photo of a delivery, drawn again by us: nothing of the file sent is kept (decision 0062)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orders.models.claim import ClaimMessage
from orders.models.order import Order, OrderRowQuerySet
from orders.models.reception import Reception


class PhotoQuerySet(OrderRowQuerySet):
    def told(self):
        """Without the image itself, which only its own page reads."""
        return self.defer("content")


class Photo(models.Model):
    """An image of a reception, or of a message of a claim; kept with the order, for who reads it.

    It lives in the database: written with what it shows or not at all, saved with it, never in a
    folder that a server could hand out.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="photos", verbose_name="commande"
    )
    reception = models.ForeignKey(
        Reception,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name="réception",
    )
    message = models.ForeignKey(
        ClaimMessage,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name="message",
    )
    content = models.BinaryField("image")
    width = models.PositiveSmallIntegerField("largeur")
    height = models.PositiveSmallIntegerField("hauteur")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    at = models.DateTimeField("le", auto_now_add=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "photo"
        ordering = ["order", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="photo_of_one",
                condition=Q(reception__isnull=True) ^ Q(message__isnull=True),
            )
        ]

    def __str__(self):
        return f"photo du {self.at:%d/%m/%Y}"
