"""What is asked for or shared out: a UCD, or a whole « UCD de référence »."""

from django.db import models
from django.db.models import Q

from medications.models import Product, ReferenceProduct


class AboutMedicine(models.Model):
    """``product`` is a precise UCD, ``reference`` the molecule and strength: one, or both.

    The UCDs of a reference replace one another in a ward: stocks are counted over all of them.
    """

    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="UCD",
    )
    reference = models.ForeignKey(
        ReferenceProduct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="UCD de référence",
    )
    unit = models.CharField("unité", max_length=40, blank=True)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        return str(self.product or self.reference)


def about_something(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(product__isnull=False) | Q(reference__isnull=False),
        violation_error_message="Choisissez un produit.",
    )
