"""A product as a pharmacy counts it (UCD), what it is made of (DCI), and how it is grouped.

UCD → « UCD de référence » (one molecule, one strength) → DCI [001]. Grouping is data.
"""

from datetime import date
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat

from common.history import tracked
from common.identifiers import normalize_ucd, ucd13_of
from common.refusal import RefusedValueError
from establishments.models.directory import Plain, Words
from establishments.models.search import plain_words, words_condition


class Substance(models.Model):
    """A molecule by its international name (*dénomination commune internationale*, DCI)."""

    name = models.CharField("DCI", max_length=200, unique=True)

    class Meta:
        verbose_name = "DCI"
        verbose_name_plural = "DCI"
        ordering = ["name"]

    def __str__(self):
        return self.name


class ReferenceProduct(models.Model):
    """One molecule at one strength: the UCDs that replace one another in a ward."""

    label = models.CharField("UCD de référence", max_length=200, unique=True)
    substance = models.ForeignKey(
        Substance, on_delete=models.PROTECT, related_name="references", verbose_name="DCI"
    )
    strength = models.CharField("dosage", max_length=60, blank=True)

    class Meta:
        verbose_name = "UCD de référence"
        verbose_name_plural = "UCD de référence"
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                fields=["substance", "strength"],
                name="reference_product_one_per_strength",
                violation_error_message="Cette DCI a déjà une UCD de référence à ce dosage.",
            )
        ]

    def __str__(self):
        return self.label


class ProductQuerySet(models.QuerySet):
    def search(self, text: str) -> Self:
        """Find by code (7 or 13 digits, even partial) or by beginnings of words of label or DCI."""
        try:
            return self.filter(code=normalize_ucd(text))
        except RefusedValueError:
            compact = "".join(plain_words(text)).upper()
            by_code = Q(code__startswith=compact) if compact.isdecimal() else Q()
            return self.filter(words_condition(text) | by_code) if compact else self.none()

    def not_followed_from(self, day: date) -> Self:
        """Those that no list follows that day nor later."""
        running = Q(monitorings__ends_on__isnull=True) | Q(monitorings__ends_on__gte=day)
        return self.exclude(pk__in=self.filter(running, monitorings__isnull=False).values("pk"))


@tracked(exclude=["haystack", "sort_label"])
class Product(models.Model):
    """A UCD (seven digits), or a vaccination device under a code of its own.

    A « médicament virtuel » stands for a whole reference product in what maPUI sends [001].

    ``unit`` is what is counted (ampoule, flacon, seringue). An invented code says so:
    ``is_fictitious``.
    """

    class Kind(models.TextChoices):
        MEDICINE = "medicine", "médicament"
        VACCINE = "vaccine", "vaccin"
        DEVICE = "device", "dispositif spécifique à la vaccination"
        VIRTUAL = "virtual", "médicament virtuel de maPUI"

    WITHOUT_UCD = (Kind.DEVICE, Kind.VIRTUAL)

    code = models.CharField("UCD", max_length=13, unique=True)
    kind = models.CharField("sorte", max_length=10, choices=Kind, default=Kind.MEDICINE)
    label = models.CharField("libellé", max_length=250)
    substance = models.ForeignKey(
        Substance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name="DCI",
    )
    reference = models.ForeignKey(
        ReferenceProduct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name="UCD de référence",
    )
    atc = models.CharField("code ATC", max_length=7, blank=True)
    form = models.CharField("forme", max_length=120, blank=True)
    strength = models.CharField("dosage", max_length=60, blank=True)
    unit = models.CharField("unité", max_length=40, blank=True)
    laboratory = models.CharField("laboratoire", max_length=120, blank=True)
    is_fictitious = models.BooleanField("fictif", default=False)
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)
    source = models.CharField("source", max_length=40, blank=True)
    updated_at = models.DateTimeField("mis à jour le", auto_now=True)
    sort_label = models.GeneratedField(
        expression=Plain("label"), output_field=models.TextField(), db_persist=True
    )
    haystack = models.GeneratedField(
        expression=Words(Concat("code", Value(" "), "label", Value(" "), "laboratory")),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = "produit"
        verbose_name_plural = "produits"
        ordering = ["sort_label", "code"]
        indexes = [
            GinIndex(OpClass("haystack", name="gin_trgm_ops"), name="product_words"),
            models.Index(fields=["sort_label", "code"], name="product_by_label"),
        ]
        constraints = [
            models.CheckConstraint(
                name="product_code_is_a_ucd",
                condition=Q(kind__in=["device", "virtual"]) | Q(code__regex=r"^[0-9]{7}$"),
                violation_error_message="Une UCD a sept chiffres.",
            )
        ]

    def __str__(self):
        return self.label

    @property
    def ucd13(self) -> str:
        """The thirteen digits of files; a device has none."""
        return "" if self.kind in self.WITHOUT_UCD else ucd13_of(self.code)

    @property
    def may_be_followed(self) -> bool:
        """What maPUI calls a « médicament virtuel » stands for others, and is on no list."""
        return self.kind != self.Kind.VIRTUAL

    @property
    def sisters(self) -> ProductQuerySet:
        """The others of its UCD de référence, those that a ward uses in its place."""
        if self.reference_id is None:
            return Product.objects.none()
        rows = Product.objects.filter(reference=self.reference_id).exclude(pk=self.pk)
        return rows.exclude(kind=self.Kind.VIRTUAL)


class Presentation(models.Model):
    """A box (CIP13): pharmacies' software often exports boxes, which lead to the unit inside."""

    cip13 = models.CharField("CIP13", max_length=13, unique=True)
    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        null=True,
        related_name="presentations",
        verbose_name="UCD",
    )
    label = models.CharField("libellé", max_length=400)
    units = models.DecimalField(
        "unités par boîte", max_digits=10, decimal_places=2, null=True, blank=True
    )
    laboratory = models.CharField("laboratoire", max_length=120, blank=True)
    is_marketed = models.BooleanField("commercialisée", default=True)

    class Meta:
        verbose_name = "présentation"
        verbose_name_plural = "présentations"
        ordering = ["cip13"]

    def __str__(self):
        return self.label


class AlternateCode(models.Model):
    """Another UCD that files carry for a product: replaced, or of the same medicine [001]."""

    code = models.CharField("autre UCD", max_length=7, unique=True)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="alternates", verbose_name="UCD"
    )

    class Meta:
        verbose_name = "autre code"
        verbose_name_plural = "autres codes"
        ordering = ["code"]

    def __str__(self):
        return self.code
