"""Days of cover under which a medicine is in each level: national data with a date."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.cover import Thresholds

FARTHEST_DAYS = 365


class CoverRule(models.Model):
    """Rupture under ``shortage``, critique under ``critical``, tendue under ``tense``, from a day.

    It holds until the next one begins. Before the first, those of ``common.cover``.
    """

    shortage = models.PositiveSmallIntegerField("rupture sous (jours)")
    critical = models.PositiveSmallIntegerField("critique sous (jours)")
    tense = models.PositiveSmallIntegerField("tendue sous (jours)")
    starts_on = models.DateField("à partir du", unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    set_at = models.DateTimeField("décidé le", auto_now_add=True)

    class Meta:
        verbose_name = "seuils de couverture"
        verbose_name_plural = "seuils de couverture"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="cover_rule_levels_in_order",
                condition=Q(
                    shortage__gte=1,
                    shortage__lt=F("critical"),
                    critical__lt=F("tense"),
                    tense__lte=FARTHEST_DAYS,
                ),
                violation_error_message="Les seuils doivent croître\u00a0: rupture, critique, "
                "tendue.",
            )
        ]

    def __str__(self):
        return f"{self.shortage}, {self.critical} et {self.tense} jours"

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(self.shortage, self.critical, self.tense)
