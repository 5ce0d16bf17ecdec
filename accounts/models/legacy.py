"""The identifiers « ES-<FINESS> » that the ARS once gave, turned into personal accounts [002]."""

from django.conf import settings
from django.db import models

from establishments.models import Establishment
from establishments.perimeter import PerimeterQuerySet


class LegacyCode(models.Model):
    """A single-use code for one « ES-<FINESS> » identifier; only its digest is kept."""

    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="legacy_codes",
        verbose_name="établissement",
    )
    digest = models.CharField("empreinte", max_length=64, unique=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="legacy_codes_issued",
        verbose_name="délivré par",
    )
    issued_at = models.DateTimeField("délivré le", auto_now_add=True)
    expires_at = models.DateTimeField("valable jusqu’au")
    used_at = models.DateTimeField("utilisé le", null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="utilisé par",
    )

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = "code d’identifiant historique"
        verbose_name_plural = "codes d’identifiants historiques"
        ordering = ["-issued_at"]

    def __str__(self):
        return f"ES-{self.establishment.finess}"
