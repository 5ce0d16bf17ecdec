"""What is counted: the seven items of [002], « Lunettes de protection », and the glove sizes."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

GLOVES = 4
SIZES_FROM = 100  # a size is numbered parent × 100 + n: the database adds sizes up by that


class EpiItemQuerySet(models.QuerySet):
    def on(self, *weeks: date) -> Self:
        """The items that were counted in a week, or in one of several that follow one another."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=min(weeks)),
            starts_on__isnull=False,
            starts_on__lte=max(weeks),
        )

    def top(self) -> Self:
        """Items without the sizes of gloves: what summaries and dashboards speak of."""
        return self.filter(parent__isnull=True)


class EpiItem(models.Model):
    """A protective equipment. A size's ``parent`` is « Gants », which is then their sum.

    Without ``starts_on`` an item is not counted yet: the national cell switches it on.
    """

    class SizeKind(models.TextChoices):
        NONE = "", "sans taille"
        MEDICAL = "medical", "gants non stériles, dits « médicaux »"
        SURGICAL = "surgical", "gants stériles, dits « chirurgicaux »"

    id = models.PositiveSmallIntegerField(primary_key=True)
    code = models.SlugField("code", max_length=30, unique=True)
    label = models.CharField("libellé", max_length=60)
    plural = models.CharField("libellé au pluriel", max_length=60)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sizes",
        verbose_name="total de",
    )
    size_kind = models.CharField(
        "sorte de taille", max_length=10, choices=SizeKind, blank=True, default=SizeKind.NONE
    )
    rank = models.PositiveSmallIntegerField("rang", unique=True)
    starts_on = models.DateField("compté à partir du", null=True, blank=True)
    ends_on = models.DateField("compté jusqu’au", null=True, blank=True)

    objects = EpiItemQuerySet.as_manager()

    class Meta:
        verbose_name = "équipement de protection"
        verbose_name_plural = "équipements de protection"
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(
                name="epi_item_size_numbered_after_its_total",
                condition=Q(parent__isnull=True, id__lt=SIZES_FROM)
                | Q(id__gt=F("parent") * SIZES_FROM, id__lt=(F("parent") + 1) * SIZES_FROM),
                violation_error_message="Le numéro d’une taille commence par celui de son total.",
            )
        ]

    def __str__(self):
        return self.label
