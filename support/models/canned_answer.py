"""An answer written once, to be chosen and adapted."""

from django.conf import settings
from django.db import models

from support.models.subject import Subject


class CannedAnswer(models.Model):
    """Offered to those who answer; of a subject, or of all of them."""

    title = models.CharField("titre", max_length=100, unique=True)
    text = models.TextField("texte", max_length=5000)
    subject = models.ForeignKey(
        Subject,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="canned_answers",
        verbose_name="sujet",
    )
    is_open = models.BooleanField("proposée", default=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="modifiée par",
    )

    class Meta:
        verbose_name = "réponse type"
        verbose_name_plural = "réponses types"
        ordering = ["title"]

    def __str__(self):
        return self.title
