"""Figures of orders kept for speed by the task worker; a test compares them with the rows.

They hold codes, not keys: a summary is made again from the rows, never edited.
"""

from django.db import models

from epi_stocks.models.summary import DepartmentSummaryQuerySet, RegionSummaryQuerySet

NOT_DELIVERED = -1


class QuotaSummary(models.Model):
    """The quotas of a week for one item, one category of one department, in units.

    ``need``: what the share-out found they need; ``unserved``: what of it their quota leaves out.
    ``exhausted``: those with less than a pack left.
    """

    pk = models.CompositePrimaryKey("week", "item_id", "department_code", "category_code")
    week = models.DateField("semaine du")
    item_id = models.PositiveSmallIntegerField("équipement")
    department_code = models.CharField("département", max_length=3)
    category_code = models.CharField("catégorie", max_length=4)
    region_code = models.CharField("région", max_length=3)
    beneficiaries = models.IntegerField("bénéficiaires")
    exhausted = models.IntegerField("contingents épuisés")
    granted = models.BigIntegerField("autorisé")
    used = models.BigIntegerField("commandé")
    need = models.BigIntegerField("besoin")
    unserved = models.BigIntegerField("besoin non couvert")

    objects = DepartmentSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "contingents d’un département"
        verbose_name_plural = "contingents des départements"

    def __str__(self):
        return f"{self.department_code} {self.category_code} – semaine du {self.week:%d/%m/%Y}"


class OrderSummary(models.Model):
    """Orders sent in a week, by region, warehouse, kind, state and days from sending to delivery.

    ``delay`` is ``NOT_DELIVERED`` as long as nothing came: medians are counted from the others.
    """

    pk = models.CompositePrimaryKey("week", "region_code", "operator_id", "kind", "state", "delay")
    week = models.DateField("semaine du")
    region_code = models.CharField("région", max_length=3)
    operator_id = models.BigIntegerField("servie par")
    kind = models.CharField("nature", max_length=6)
    state = models.CharField("état", max_length=14)
    delay = models.SmallIntegerField("jours jusqu’à la livraison")
    orders = models.IntegerField("commandes")

    objects = RegionSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "commandes d’une région"
        verbose_name_plural = "commandes des régions"

    def __str__(self):
        return f"{self.region_code} {self.state} – semaine du {self.week:%d/%m/%Y}"


class SummarisedOrders(models.Model):
    """When the figures of a week were last compared with the rows: the time shown beside them."""

    week = models.DateField("semaine du", primary_key=True)
    refreshed_at = models.DateTimeField("chiffres de")

    class Meta:
        verbose_name = "semaine de commandes résumée"
        verbose_name_plural = "semaines de commandes résumées"
        ordering = ["-week"]

    def __str__(self):
        return f"semaine du {self.week:%d/%m/%Y}"
