"""What another part of the platform knows will come to a site: proposed, never written."""

from django.db import models
from django.db.models import Q

from epi_stocks.models.item import EpiItem
from establishments.models import Establishment
from establishments.perimeter import PerimeterQuerySet


class ExpectedSupplyQuerySet(PerimeterQuerySet):
    perimeter_path = "establishment"


class ExpectedSupply(models.Model):
    """Units of an equipment announced to a site for a week, and then those that came.

    ``source`` names what announces it, once (« commande C-2026-000123, expédition 4 »): the same
    source told again replaces its line. The grid shows it beside « Approvisionnement prévu cette
    semaine », where a person takes it or not: blank is not 0.
    """

    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="+", verbose_name="établissement"
    )
    week = models.DateField("semaine du")
    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="+", verbose_name="équipement"
    )
    source = models.CharField("annoncé par", max_length=120)
    quantity = models.PositiveIntegerField("quantité (unités)")
    is_received = models.BooleanField("reçue", default=False)
    told_at = models.DateTimeField("annoncée le", auto_now=True)

    objects = ExpectedSupplyQuerySet.as_manager()

    class Meta:
        verbose_name = "approvisionnement annoncé"
        verbose_name_plural = "approvisionnements annoncés"
        ordering = ["establishment", "week", "item", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "week", "item", "source", "is_received"],
                name="supply_one_per_source",
            ),
            models.CheckConstraint(
                name="supply_week_is_a_monday", condition=Q(week__iso_week_day=1)
            ),
        ]
        indexes = [models.Index(fields=["source"], name="supply_of_source")]

    def __str__(self):
        return f"{self.quantity} × {self.item}, {self.source}"
