"""When the national cell turns orders to Santé publique France [004]."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import tracked
from establishments.models import Region


class RerouteQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        return self.filter(ended_at__isnull=True)


@tracked()
class Reroute(models.Model):
    """A region, or (``region`` blank) the country, served by SPF until somebody ends it."""

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
    )
    reason = models.CharField("motif", max_length=300)
    started_at = models.DateTimeField("depuis le", auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="décidé par",
    )
    ended_at = models.DateTimeField("jusqu’au", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="levé par",
    )

    objects = RerouteQuerySet.as_manager()

    class Meta:
        verbose_name = "réacheminement"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="reroute_one_at_a_time",
                violation_error_message="Ce territoire est déjà réacheminé.",
            )
        ]

    def __str__(self):
        return f"{self.region or 'France entière'}\u00a0: Santé publique France"
