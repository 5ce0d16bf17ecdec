"""A wave of deliveries: one day, one vaccine, a line for each final recipient [000]."""

from django.conf import settings
from django.db import models

from common.history import tracked
from vaccines.models.vaccine import Vaccine


@tracked()
class Wave(models.Model):
    """Needs are typed until ``needs_due_at``; ``delivers_on`` is the day first announced."""

    label = models.CharField("vague", max_length=120, unique=True)
    vaccine = models.ForeignKey(
        Vaccine, on_delete=models.PROTECT, related_name="waves", verbose_name="vaccin"
    )
    delivers_on = models.DateField("livraison prévue le")
    needs_due_at = models.DateTimeField("besoins à saisir avant le")
    opened_at = models.DateTimeField("créée le", auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    class Meta:
        verbose_name = "vague de livraison"
        verbose_name_plural = "vagues de livraison"
        ordering = ["-delivers_on", "-pk"]

    def __str__(self):
        return self.label
