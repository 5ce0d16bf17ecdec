"""Who the State stock serves: the place that orders, the regions served, the SPF platforms."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from establishments.models import Department, Establishment, LegalEntity, Region
from establishments.models.nomenclature import WHOLE_SPAN, DatedQuerySet
from establishments.perimeter import Perimeter, PerimeterQuerySet


@tracked()
class ServedRegion(models.Model):
    """A region that the State stock serves between two dates (« Hors Outre-mer » [002])."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="served_spans", verbose_name="région"
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "région servie"
        verbose_name_plural = "régions servies"
        ordering = ["region", "starts_on"]
        constraints = [
            ExclusionConstraint(
                name="served_region_one_at_a_time",
                expressions=[
                    (F("region"), RangeOperators.EQUAL),
                    (WHOLE_SPAN, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette région est déjà servie à ces dates.",
            )
        ]

    def __str__(self):
        return f"{self.region}"


@tracked()
class Platform(models.Model):
    """A platform of Santé publique France, which serves some of the large beneficiaries [004]."""

    code = models.SlugField("code", max_length=20, unique=True)
    label = models.CharField("libellé", max_length=120)
    is_open = models.BooleanField("en service", default=True)

    class Meta:
        verbose_name = "plateforme SPF"
        verbose_name_plural = "plateformes SPF"
        ordering = ["code"]

    def __str__(self):
        return self.label


class BeneficiaryQuerySet(PerimeterQuerySet):
    """Rows of places that order, or that lead to one by ``beneficiary_path``."""

    beneficiary_path = ""

    def within(self, perimeter: Perimeter):
        return self.filter(beneficiary_q(perimeter, self.beneficiary_path))


def beneficiary_q(perimeter: Perimeter, path: str = "") -> Q:
    """Select the rows whose beneficiary is inside.

    An operator of a legal entity orders for the entity alone (letter C of the matrix); its
    administrator (P) reads its establishments too.
    """
    if perimeter.is_national:
        return Q()
    prefix = f"{path}__" if path else ""
    return (
        Q(**{f"{prefix}region__in": perimeter.region_codes})
        | Q(**{f"{prefix}department__in": perimeter.department_codes})
        | Q(**{f"{prefix}legal_entity__in": perimeter.legal_entity_ids})
        | Q(**{f"{prefix}establishment__in": perimeter.establishment_ids})
        | Q(**{f"{prefix}establishment__legal_entity__in": perimeter.administered_entity_ids})
    )


@tracked()
class Beneficiary(models.Model):
    """The place that orders, under the number that serves for orders [003]: an ET, else an EJ.

    Its territory is that of the place, its category that of the establishment (for an EJ, of its
    main one). ``is_listed``: still a beneficiary by category, number and region; who was one
    keeps their orders. ``platform``: one of the large, served by Santé publique France [004].
    """

    establishment = models.OneToOneField(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ordering_row",
        verbose_name="établissement",
    )
    legal_entity = models.OneToOneField(
        LegalEntity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ordering_row",
        verbose_name="entité juridique",
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, verbose_name="région")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, verbose_name="département"
    )
    category = models.ForeignKey(
        "establishments.EstablishmentCategory", on_delete=models.PROTECT, verbose_name="catégorie"
    )
    is_listed = models.BooleanField("bénéficiaire", default=True)
    platform = models.ForeignKey(
        Platform,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="beneficiaries",
        verbose_name="plateforme SPF",
    )

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = "bénéficiaire"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="beneficiary_is_one_place",
                condition=Q(establishment__isnull=True) ^ Q(legal_entity__isnull=True),
                violation_error_message="Un bénéficiaire est un établissement ou une entité.",
            )
        ]

    def __str__(self):
        return self.place.name

    def is_within(self, perimeter: Perimeter) -> bool:
        """As ``beneficiary_q``, of this row as it was read."""
        entities = perimeter.administered_entity_ids
        return (
            perimeter.is_national
            or self.region_id in perimeter.region_codes
            or self.department_id in perimeter.department_codes
            or self.legal_entity_id in perimeter.legal_entity_ids
            or self.establishment_id in perimeter.establishment_ids
            or (
                bool(entities and self.establishment)
                and self.establishment.legal_entity_id in entities
            )
        )

    @property
    def place(self) -> Establishment | LegalEntity:
        return self.establishment or self.legal_entity

    @property
    def finess(self) -> str:
        return self.place.finess

    @property
    def finess_kind(self) -> str:
        return "ET" if self.establishment_id else "EJ"
