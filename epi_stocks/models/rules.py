"""National data with dates: who is expected, by when, and where tension begins."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from epi_stocks.models.item import EpiItem
from establishments.models import EstablishmentCategory
from establishments.models.nomenclature import WHOLE_SPAN, DatedQuerySet


class ExpectedCategory(models.Model):
    """A category of the « périmètre EPI-Stocks »: its open establishments declare each week."""

    category = models.ForeignKey(
        EstablishmentCategory,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="catégorie",
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "catégorie attendue"
        verbose_name_plural = "périmètre EPI-Stocks"
        ordering = ["category", "starts_on"]
        constraints = [
            ExclusionConstraint(
                name="expected_category_one_at_a_time",
                expressions=[
                    (F("category"), RangeOperators.EQUAL),
                    (WHOLE_SPAN, RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self):
        return str(self.category)


class TensionThreshold(models.Model):
    """Days of cover under which an item is in each level, between two dates (item null: all).

    Rupture under ``shortage``, critique under ``critical``, tendue under ``tense``.
    """

    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, null=True, blank=True, verbose_name="équipement"
    )
    shortage = models.PositiveSmallIntegerField("rupture sous (jours)", default=1)
    critical = models.PositiveSmallIntegerField("critique sous (jours)", default=7)
    tense = models.PositiveSmallIntegerField("tendue sous (jours)", default=21)
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "seuils de tension"
        verbose_name_plural = "seuils de tension"
        ordering = ["item", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="tension_threshold_levels_in_order",
                condition=Q(shortage__lt=F("critical"), critical__lt=F("tense")),
                violation_error_message="Les seuils doivent croître : rupture, critique, tendue.",
            ),
            ExclusionConstraint(
                name="tension_threshold_one_at_a_time",
                expressions=[
                    (Coalesce("item", 0), RangeOperators.EQUAL),
                    (WHOLE_SPAN, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Des seuils sont déjà en vigueur à ces dates.",
            ),
        ]

    def __str__(self):
        return f"{self.shortage}, {self.critical}, {self.tense} jours"


class DeclarationRuleQuerySet(DatedQuerySet):
    def for_week(self, week: date):
        """The rule of a week; the command ``load_reference`` creates the first one."""
        return self.in_force(week).order_by("-starts_on").first()


class DeclarationRule(models.Model):
    """When a week is expected, and when it closes (choice: Friday 18 h, the second Sunday)."""

    expected_weekday = models.PositiveSmallIntegerField("jour attendu (0 : lundi)", default=4)
    expected_time = models.TimeField("heure attendue", default="18:00")
    closes_after_days = models.PositiveSmallIntegerField("jours ouverts après le lundi", default=14)
    carried_weeks = models.PositiveSmallIntegerField("semaines reportées au plus", default=2)
    starts_on = models.DateField("à partir du", unique=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = DeclarationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "calendrier de déclaration"
        verbose_name_plural = "calendriers de déclaration"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="declaration_rule_weekday_in_week", condition=Q(expected_weekday__lte=6)
            ),
            ExclusionConstraint(
                name="declaration_rule_one_at_a_time",
                expressions=[(WHOLE_SPAN, RangeOperators.OVERLAPS)],
                violation_error_message="Un calendrier est déjà en vigueur à ces dates.",
            ),
        ]

    def __str__(self):
        return f"à partir du {self.starts_on:%d/%m/%Y}"
