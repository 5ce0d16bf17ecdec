"""Around a declaration: cells not sent yet, due days open again, columns of a pharmacy's files."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from medications.models import MonitoredList, Product
from pui.models.register import Pui
from pui.models.transmission import PuiRowsQuerySet


class DraftCell(models.Model):
    """A cell typed in the grid and saved at once; « Transmettre » commits them together.

    ``day`` holds an expiry, ``value`` a quantity. What cannot be read is not kept. Of two people
    on one cell, the second sees both values and chooses: each save carries the value that the
    person had before their eyes.
    """

    class Measure(models.TextChoices):
        STOCK = "stock", "quantité en stock"
        DAILY = "daily", "consommation moyenne journalière"
        EXPIRY = "expiry", "péremption la plus proche"

    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="PUI"
    )
    monitored_list = models.ForeignKey(
        MonitoredList, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    due_on = models.DateField("échéance du")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="produit"
    )
    measure = models.CharField("colonne", max_length=6, choices=Measure)
    value = models.DecimalField("valeur", max_digits=12, decimal_places=2, null=True)
    day = models.DateField("date", null=True)
    saved_at = models.DateTimeField("enregistré le")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name="enregistré par",
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "case de brouillon"
        verbose_name_plural = "cases de brouillon"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pui", "monitored_list", "due_on", "product", "measure"],
                name="draft_cell_once",
            )
        ]

    def __str__(self):
        return f"{self.product_id} {self.measure}"

    @property
    def content(self):
        return self.day if self.measure == self.Measure.EXPIRY else self.value

    @content.setter
    def content(self, found):
        name = "day" if self.measure == self.Measure.EXPIRY else "value"
        setattr(self, name, found)


class Reopening(models.Model):
    """A closed due day that an ARS or the national cell lets one pharmacy declare again."""

    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="reopenings", verbose_name="PUI"
    )
    monitored_list = models.ForeignKey(
        MonitoredList, on_delete=models.PROTECT, related_name="+", verbose_name="liste"
    )
    due_on = models.DateField("échéance du")
    until = models.DateTimeField("jusqu’au")
    reason = models.TextField("motif")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    at = models.DateTimeField("rouverte le", auto_now_add=True)

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "réouverture"
        verbose_name_plural = "réouvertures"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pui", "monitored_list", "due_on"], name="reopening_once"
            )
        ]

    def __str__(self):
        return f"{self.pui} – {self.due_on:%d/%m/%Y}"


class ColumnMapping(models.Model):
    """Which columns of a pharmacy's file hold what, as the person said once: asked no more.

    ``headers`` are those of the file, in order; ``columns`` gives, for « ucd », « stock »,
    « daily », « label » and « expiry », the header that holds it.
    """

    pui = models.ForeignKey(
        Pui, on_delete=models.CASCADE, related_name="mappings", verbose_name="PUI"
    )
    headers = ArrayField(models.CharField(max_length=200), verbose_name="colonnes du fichier")
    columns = models.JSONField("correspondance", default=dict)
    saved_at = models.DateTimeField("retenue le", auto_now=True)

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["pui", "headers"], name="column_mapping_once")
        ]

    def __str__(self):
        return ", ".join(self.headers)
