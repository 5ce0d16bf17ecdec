"""When an equipment is short: the State stock is then the only source, free, under quota [003]."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from common.history import tracked
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.models.nomenclature import WHOLE_SPAN, DatedQuerySet
from establishments.perimeter import PerimeterQuerySet
from orders.models.beneficiary import Beneficiary


@tracked()
class Tension(models.Model):
    """One equipment in tension, in a region or (``region`` blank) the whole country, [003, 004].

    From ``starts_on`` to ``ends_on``, both included, or until somebody ends it.
    """

    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="tensions", verbose_name="équipement"
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    message = models.TextField("message aux établissements", max_length=500, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="déclarée par",
    )
    declared_at = models.DateTimeField("déclarée le", auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="levée par",
    )
    ended_at = models.DateTimeField("levée le", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "tension"
        ordering = ["item", "-starts_on"]
        constraints = [
            ExclusionConstraint(
                name="tension_one_at_a_time",
                expressions=[
                    (F("item"), RangeOperators.EQUAL),
                    (Coalesce("region", Value("")), RangeOperators.EQUAL),
                    (WHOLE_SPAN, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cet équipement est déjà en tension à ces dates.",
            )
        ]

    def __str__(self):
        return f"{self.item} – {self.region or 'France'}"


class SupplyDifficultyQuerySet(PerimeterQuerySet):
    """Those of a territory; of no region, they are the country's."""

    perimeter_path = ""

    def within(self, perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(region__in=perimeter.region_codes)


@tracked()
class SupplyDifficulty(models.Model):
    """A reported difficulty of supply, logged for the monitoring cell [004]."""

    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="+", verbose_name="équipement"
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
    )
    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bénéficiaire",
    )
    source = models.CharField("qui le dit", max_length=150)
    description = models.TextField("difficulté", max_length=1000)
    reported_on = models.DateField("signalée le")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="notée par",
    )
    recorded_at = models.DateTimeField("notée le", auto_now_add=True)
    closed_on = models.DateField("résolue le", null=True, blank=True)
    outcome = models.TextField("suite donnée", max_length=500, blank=True)

    objects = SupplyDifficultyQuerySet.as_manager()

    class Meta:
        verbose_name = "difficulté d’approvisionnement"
        verbose_name_plural = "difficultés d’approvisionnement"
        ordering = ["-reported_on", "-pk"]

    def __str__(self):
        return f"{self.item} – {self.source}"
