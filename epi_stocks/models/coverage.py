"""Centralised stock: one site declares for others, from a week on [002]."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from establishments.models import Establishment
from establishments.models.nomenclature import DateSpan
from establishments.perimeter import PerimeterQuerySet


class CentralCoverageQuerySet(PerimeterQuerySet):
    perimeter_path = "declaring"

    def on(self, week: date) -> Self:
        """Coverages that hold for a week: from ``first_week`` to ``last_week`` inclusive."""
        return self.filter(Q(last_week__isnull=True) | Q(last_week__gte=week), first_week__lte=week)


class CentralCoverage(models.Model):
    """``declaring`` counts ``covered``'s stock in its own, from ``first_week`` to ``last_week``.

    A covered site is not late and its own lines are left out of totals, whatever happens at once.
    """

    declaring = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="coverages_given",
        verbose_name="site qui déclare",
    )
    covered = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="coverages_received",
        verbose_name="site couvert",
    )
    first_week = models.DateField("première semaine")
    last_week = models.DateField("dernière semaine", null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="coché par",
    )
    set_at = models.DateTimeField("coché le", auto_now=True)

    objects = CentralCoverageQuerySet.as_manager()

    class Meta:
        verbose_name = "couverture centralisée"
        verbose_name_plural = "couvertures centralisées"
        ordering = ["declaring", "covered", "first_week"]
        constraints = [
            models.CheckConstraint(
                name="central_coverage_not_of_itself", condition=~Q(declaring=F("covered"))
            ),
            models.CheckConstraint(
                name="central_coverage_weeks_in_order",
                condition=Q(last_week__isnull=True) | Q(last_week__gte=F("first_week")),
            ),
            ExclusionConstraint(
                name="central_coverage_one_at_a_time",
                expressions=[
                    (F("covered"), RangeOperators.EQUAL),
                    (
                        DateSpan("first_week", "last_week", models.Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Ce site est déjà couvert par une autre déclaration.",
            ),
        ]

    def __str__(self):
        return f"{self.covered} couvert par {self.declaring}"
