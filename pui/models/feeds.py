"""What leaves for others: the day's stocks of each region, and what the public reads."""

from django.db import models
from django.db.models import Q

from medications.models import MonitoredList
from pui.models.region import TerritoryQuerySet


class SnapshotPart(models.Model):
    """The stocks of one region as they were known one morning, in a file of its own.

    The file of the country is all of them. ``region_code`` is blank for the pharmacies that no ARS
    follows; ``size`` is in bytes, once compressed.
    """

    day = models.DateField("jour")
    region_code = models.CharField("région", max_length=3, blank=True)
    lines = models.PositiveIntegerField("lignes")
    size = models.PositiveBigIntegerField("taille")
    made_at = models.DateTimeField("fait le")

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé quotidien d’une région"
        verbose_name_plural = "relevés quotidiens des régions"
        ordering = ["-day", "region_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "region_code"],
                name="snapshot_once_a_day",
                violation_error_message="Le relevé de ce jour est déjà fait.",
            ),
        ]

    def __str__(self):
        return f"{self.region_code} – {self.day:%d/%m/%Y}"


class Publication(models.Model):
    """A due day given to the public: once, when nothing can be declared for it any more.

    Published twice, the difference of the two would tell what a pharmacy added in between.
    """

    monitored_list = models.ForeignKey(
        MonitoredList, on_delete=models.PROTECT, related_name="+", verbose_name="liste"
    )
    due_on = models.DateField("échéance du")
    published_at = models.DateTimeField("publiée le")

    class Meta:
        verbose_name = "échéance publiée"
        verbose_name_plural = "échéances publiées"
        ordering = ["-due_on", "monitored_list"]
        constraints = [
            models.UniqueConstraint(
                fields=["monitored_list", "due_on"],
                name="publication_once",
                violation_error_message="Cette échéance est déjà publiée.",
            ),
        ]

    def __str__(self):
        return f"{self.monitored_list_id} – {self.due_on:%d/%m/%Y}"


class OpenStock(models.Model):
    """One product in one region or in the country, as published (``pui.open_data.reading``).

    ``product`` is the label of its UCD de référence. Masked, the three numbers are NULL together.
    """

    pk = models.CompositePrimaryKey("publication_id", "region_code", "product")
    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="rows",
        verbose_name="publication",
    )
    region_code = models.CharField("région", max_length=3)
    product = models.CharField("UCD de référence", max_length=250)
    substance = models.CharField("DCI", max_length=250)
    unit = models.CharField("unité", max_length=40, blank=True)
    puis = models.PositiveIntegerField("PUI déclarantes", null=True)
    stock = models.DecimalField("stock", max_digits=16, decimal_places=2, null=True)
    daily = models.DecimalField("consommation", max_digits=16, decimal_places=2, null=True)

    class Meta:
        verbose_name = "stock publié"
        verbose_name_plural = "stocks publiés"
        constraints = [
            models.CheckConstraint(
                name="open_stock_masked_whole",
                condition=Q(puis__isnull=True, stock__isnull=True, daily__isnull=True)
                | Q(puis__isnull=False, stock__isnull=False, daily__isnull=False),
            ),
            models.CheckConstraint(
                name="open_stock_of_somebody", condition=Q(puis__isnull=True) | Q(puis__gt=0)
            ),
        ]

    def __str__(self):
        return f"{self.product} – {self.region_code}"

    @property
    def is_masked(self) -> bool:
        return self.puis is None
