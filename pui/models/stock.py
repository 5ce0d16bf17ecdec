"""What was declared of each product; what is replaced is kept by the database."""

import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Cast

from medications.models import Product
from pui.models.register import Pui
from pui.models.transmission import PuiRowsQuerySet, Transmission

KEEP_REPLACED = """
INSERT INTO pui_replacedstock
    (due_on, pui_id, product_id, stock, daily, nearest_expiry, transmission_id, replaced_at)
VALUES (OLD.due_on, OLD.pui_id, OLD.product_id, OLD.stock, OLD.daily, OLD.nearest_expiry,
        OLD.transmission_id, clock_timestamp());
RETURN NULL;
"""


class Quantities(models.Model):
    """In units of the product; ``daily`` in units a day. NULL: not declared; 0: none.

    ``nearest_expiry`` is the earliest among the units in stock: without any there is none.
    """

    stock = models.DecimalField("quantité en stock", max_digits=12, decimal_places=2, null=True)
    daily = models.DecimalField(
        "consommation moyenne journalière", max_digits=12, decimal_places=2, null=True
    )
    nearest_expiry = models.DateField("péremption la plus proche", null=True)

    class Meta:
        abstract = True


def quantities_make_sense(name: str) -> list[models.CheckConstraint]:
    not_negative = [
        models.CheckConstraint(
            name=f"{name}_{one}_not_negative",
            condition=Q(**{f"{one}__gte": 0}) | Q(**{f"{one}__isnull": True}),
        )
        for one in ("stock", "daily")
    ]
    of_units = models.CheckConstraint(
        name=f"{name}_expiry_of_units",
        condition=Q(nearest_expiry__isnull=True) | Q(stock__isnull=False, stock__gt=0),
    )
    return [*not_negative, of_units]


class StockLine(Quantities):
    """One product of one pharmacy at one due day. The key begins by the day: reads name theirs."""

    pk = models.CompositePrimaryKey("due_on", "pui_id", "product_id")
    due_on = models.DateField("échéance du")
    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="PUI"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="produit"
    )
    transmission = models.ForeignKey(
        Transmission,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name="transmission",
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "stock déclaré"
        verbose_name_plural = "stocks déclarés"
        constraints = quantities_make_sense("stock_line")
        triggers = [
            pgtrigger.Trigger(
                name="keep_replaced",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                func=KEEP_REPLACED,
            ),
        ]

    def __str__(self):
        return f"{self.product_id} – {self.due_on:%d/%m/%Y}"


class ReplacedStock(Quantities):
    """A line as it stood before another transmission of the same due day."""

    due_on = models.DateField("échéance du")
    pui = models.ForeignKey(
        Pui, on_delete=models.DO_NOTHING, db_index=False, related_name="+", verbose_name="PUI"
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
        verbose_name="produit",
    )
    transmission = models.ForeignKey(
        Transmission, on_delete=models.DO_NOTHING, related_name="+", verbose_name="transmission"
    )
    replaced_at = models.DateTimeField("remplacé le")

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "stock remplacé"
        verbose_name_plural = "stocks remplacés"
        ordering = ["-replaced_at", "-pk"]
        indexes = [models.Index(fields=["due_on", "pui", "product"], name="replaced_stock_key")]

    def __str__(self):
        return f"{self.product_id} – {self.due_on:%d/%m/%Y}"


NO_USE, UNKNOWN = 1e18, 1e19  # days: more than any quotient of two quantities


def days_left() -> Case:
    """Days that the stock lasts; 0 without stock, then what is not used, then what is not known.

    Put in order, it tells the levels of ``common.cover`` apart.
    """
    return Case(
        When(stock=None, then=Value(UNKNOWN)),
        When(daily=0, then=Value(NO_USE)),
        When(stock=0, then=Value(0.0)),
        When(daily=None, then=Value(UNKNOWN)),
        default=Cast(F("stock") / F("daily"), models.FloatField()),
        output_field=models.FloatField(),
    )


class LatestStock(Quantities):
    """The last declared line of each product of each pharmacy: a summary kept for speed.

    Written in the transaction that stores the lines; a test compares it with the lines themselves.
    """

    pk = models.CompositePrimaryKey("product_id", "pui_id")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="produit"
    )
    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="latest_stocks", verbose_name="PUI"
    )
    due_on = models.DateField("échéance du")
    transmitted_at = models.DateTimeField("transmis le")
    days_left = models.GeneratedField(
        expression=days_left(),
        output_field=models.FloatField("jours restants"),
        db_persist=True,
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "dernier stock"
        verbose_name_plural = "derniers stocks"
        constraints = quantities_make_sense("latest_stock")

    def __str__(self):
        return f"{self.product_id} – {self.pui_id}"
