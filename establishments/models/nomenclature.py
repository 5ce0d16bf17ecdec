"""What FINESS calls things: categories, legal statuses, and which categories may order."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class DateSpan(Func):
    """The days from ``starts_on`` to ``ends_on`` inclusive, as a range."""

    function = "DATERANGE"
    output_field = DateRangeField()


WHOLE_SPAN = DateSpan(
    "starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)
)


class DatedQuerySet(models.QuerySet):
    """Rows that hold from ``starts_on`` to ``ends_on`` inclusive, or without end."""

    def in_force(self, on: date):
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class EstablishmentCategory(models.Model):
    """What kind of place it is, in FINESS's own list (« 355 Centre Hospitalier »)."""

    code = models.CharField("code", max_length=4, primary_key=True)
    label = models.CharField("libellé", max_length=150)
    short_label = models.CharField("libellé court", max_length=60, blank=True)
    aggregate_code = models.CharField("agrégat", max_length=4, blank=True, db_index=True)
    aggregate_label = models.CharField("libellé de l’agrégat", max_length=150, blank=True)

    class Meta:
        verbose_name = "catégorie d’établissement"
        verbose_name_plural = "catégories d’établissement"
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.label}"


class LegalStatus(models.Model):
    """A legal status; code 30 or less is public (fact)."""

    code = models.CharField("code", max_length=2, primary_key=True)
    label = models.CharField("libellé", max_length=150)
    is_public = models.BooleanField("public")

    class Meta:
        verbose_name = "statut juridique"
        verbose_name_plural = "statuts juridiques"
        ordering = ["code"]

    def __str__(self):
        return self.label


class BeneficiaryCategory(models.Model):
    """A category whose establishments may order from the State stock, between two dates [003]."""

    category = models.ForeignKey(
        EstablishmentCategory, on_delete=models.PROTECT, verbose_name="catégorie"
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "catégorie bénéficiaire"
        verbose_name_plural = "catégories bénéficiaires"
        ordering = ["category", "starts_on"]
        constraints = [
            ExclusionConstraint(
                name="beneficiary_category_one_at_a_time",
                expressions=[
                    (F("category"), RangeOperators.EQUAL),
                    (WHOLE_SPAN, RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self):
        return str(self.category)
