"""What can be ordered, and what each warehouse still has of it."""

from typing import Self

from django.db import models
from django.db.models import Q

from common.history import tracked
from epi_stocks.models import EpiItem
from establishments.models import AdministrativeBody
from establishments.perimeter import Perimeter, PerimeterQuerySet


class Source(models.TextChoices):
    """Whose stock: the State's is free and under quota, the consortium's is paid."""

    STATE = "state", "stock de l’État"
    CONSORTIUM = "consortium", "consortium"


class ProductQuerySet(models.QuerySet):
    def offered(self, source: Source) -> Self:
        return self.filter(is_open=True, source=source)

    def of_state(self) -> Self:
        return self.offered(Source.STATE)


@tracked()
class Product(models.Model):
    """A product of the catalogue; several types and sizes of an item share one quota.

    Quantities are units, always whole packs of ``units_per_pack``. ``price`` (euros, without tax,
    for a pack) and ``supplier`` are those of the consortium's products; the State's are free.
    """

    code = models.SlugField("référence", max_length=40, unique=True)
    label = models.CharField("libellé", max_length=120)
    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="products", verbose_name="équipement"
    )
    source = models.CharField("origine", max_length=10, choices=Source, default=Source.STATE)
    kind = models.CharField("type", max_length=60, blank=True)
    size = models.CharField("taille", max_length=10, blank=True)
    pictogram = models.SlugField("pictogramme", max_length=30, blank=True)
    units_per_pack = models.PositiveIntegerField("unités par colis")
    pack_label = models.CharField("nom du colis", max_length=20, default="carton")
    units_per_pallet = models.PositiveIntegerField("unités par palette", null=True, blank=True)
    delay_days = models.PositiveSmallIntegerField("délai de livraison (jours ouvrés)", default=5)
    price = models.DecimalField(
        "prix du colis, hors taxes (€)", max_digits=9, decimal_places=2, null=True, blank=True
    )
    tax_rate = models.DecimalField("TVA (%)", max_digits=4, decimal_places=2, default=20)
    supplier = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="fournisseur",
    )
    is_open = models.BooleanField("au catalogue", default=True)
    rank = models.PositiveSmallIntegerField("rang", default=0)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = "produit"
        ordering = ["item__rank", "rank", "pk"]
        constraints = [
            models.CheckConstraint(
                name="product_pack_counts",
                condition=Q(units_per_pack__gte=1),
                violation_error_message="Un colis contient au moins une unité.",
            ),
            models.CheckConstraint(
                name="product_priced_when_sold",
                condition=Q(source="state", price__isnull=True, supplier__isnull=True)
                | Q(source="consortium", price__gte=0, supplier__isnull=False),
                violation_error_message="Un produit du consortium a un prix et un fournisseur.",
            ),
        ]

    def __str__(self):
        return " ".join(part for part in (self.label, self.kind, self.size) if part)

    @property
    def whole_pack(self) -> str:
        """« un carton entier », « une boîte entière »: of these names, those in -e are feminine."""
        if self.pack_label.endswith("e"):
            return f"une {self.pack_label} entière"
        return f"un {self.pack_label} entier"

    @property
    def pack_labels(self) -> str:
        """« cartons », « colis »."""
        return self.pack_label if self.pack_label[-1:] in "sxz" else f"{self.pack_label}s"


class StockQuerySet(PerimeterQuerySet):
    """Of the country, or of the operator that holds it."""

    perimeter_path = ""

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(holder__in=perimeter.operator_ids)

    def take(self, *, stock_id: int, quantity: int) -> bool:
        """Keep ``quantity`` units for an order, all or nothing; negative: give back."""
        rows = self.filter(pk=stock_id, available__gte=quantity, reserved__gte=-min(quantity, 0))
        return bool(
            rows.update(
                available=models.F("available") - quantity,
                reserved=models.F("reserved") + quantity,
            )
        )

    def ship(self, *, stock_id: int, quantity: int, counted: int = 0) -> bool:
        """Let ``quantity`` kept units leave; ``counted``: those a count had found gone already."""
        rows = self.filter(pk=stock_id, reserved__gte=quantity)
        return bool(
            rows.update(
                reserved=models.F("reserved") - quantity,
                available=models.F("available") + counted,
            )
        )

    def move(self, *, stock_id: int, quantity: int) -> bool:
        """Take free units out of the warehouse; negative: they come in."""
        rows = self.filter(pk=stock_id, available__gte=quantity)
        return bool(rows.update(available=models.F("available") - quantity))


class Stock(models.Model):
    """Units of a product at an operator: free to order, and kept for orders not shipped yet.

    A shipment takes off ``reserved``; a stock report sets ``available`` (what it counted less
    what is reserved). The ledger of movements tells each change.
    """

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="stocks", verbose_name="produit"
    )
    holder = models.ForeignKey(
        AdministrativeBody, on_delete=models.PROTECT, related_name="+", verbose_name="tenu par"
    )
    available = models.PositiveIntegerField("disponible (unités)", default=0)
    reserved = models.PositiveIntegerField("réservé (unités)", default=0)
    counted_at = models.DateTimeField("dernier état reçu le", null=True)

    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = "stock"
        ordering = ["product", "holder"]
        constraints = [
            models.UniqueConstraint(fields=["product", "holder"], name="stock_one_per_holder"),
            models.CheckConstraint(
                name="stock_never_negative",
                condition=Q(available__gte=0, reserved__gte=0),
                violation_error_message="Le stock est épuisé.",
            ),
        ]

    def __str__(self):
        return f"{self.product} – {self.holder}\u00a0: {self.available}"
