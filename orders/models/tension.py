"""When an equipment is short: the State stock is then the only source, free, under quota [003]."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from common.history import tracked
from epi_stocks.models import EpiItem
from establishments.models import AdministrativeBody, Region
from establishments.models.nomenclature import WHOLE_SPAN, DatedQuerySet
from establishments.perimeter import PerimeterQuerySet
from orders.models.beneficiary import Beneficiary, beneficiary_q


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
    """Those of a territory, and one's own; of no region, they are the country's."""

    perimeter_path = ""

    def within(self, perimeter):
        if perimeter.is_national:
            return self.all()
        agencies = AdministrativeBody.objects.filter(pk__in=perimeter.operator_ids)
        return self.filter(
            Q(region__in=perimeter.region_codes)
            | Q(region__in=agencies.values("region"))
            | Q(pk__in=self._of_beneficiaries(perimeter))
        )

    def _of_beneficiaries(self, perimeter):
        return SupplyDifficulty.objects.filter(
            beneficiary_q(perimeter, "beneficiary"), beneficiary__isnull=False
        ).values("pk")

    def open(self):
        return self.filter(closed_on__isnull=True)


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
    closed_on = models.DateField("close le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="close par",
    )
    outcome = models.TextField("suite donnée", max_length=500, blank=True)

    objects = SupplyDifficultyQuerySet.as_manager()

    class Meta:
        verbose_name = "difficulté d’approvisionnement"
        verbose_name_plural = "difficultés d’approvisionnement"
        ordering = ["-reported_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="difficulty_closed_with_its_outcome",
                condition=Q(closed_on__isnull=True, outcome="")
                | Q(closed_on__gte=F("reported_on")) & ~Q(outcome=""),
                violation_error_message="Une difficulté close dit la suite donnée.",
            )
        ]

    def __str__(self):
        return f"{self.item} – {self.source}"
