"""The support form of the guide [000], kept as it was sent, with the desk that received it."""

from django.conf import settings
from django.db import models

from common.history import tracked
from establishments.models import Establishment
from pui.models import Pui
from pui.models.transmission import PuiRowsQuerySet


@tracked()
class SupplyQuestion(models.Model):
    """The six fields of the guide: pharmacy, recipient, FINESS, town, question, phone."""

    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="supply_questions", verbose_name="PUI"
    )
    recipient = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="EHPAD ou USLD destinataire",
    )
    finess = models.CharField("FINESS géographique", max_length=9)
    town = models.CharField("ville de la PUI", max_length=100)
    text = models.TextField("problème ou question")
    phone = models.CharField("téléphone", max_length=20)
    desk = models.EmailField("envoyée à")
    told_at = models.DateTimeField("envoyée le", auto_now_add=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "question sur l’approvisionnement"
        verbose_name_plural = "questions sur l’approvisionnement"
        ordering = ["-told_at", "-pk"]

    def __str__(self):
        return f"{self.number} – {self.pui}"

    @property
    def number(self) -> str:
        """What the person quotes on the phone."""
        return f"VAC-{self.pk:06d}"
