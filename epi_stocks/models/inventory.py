"""What an establishment held of each item during one week, typed cell by cell."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Profile
from epi_stocks.models.item import EpiItem
from establishments.models import Establishment
from establishments.perimeter import PerimeterQuerySet

MEASURES = ("stock", "daily", "supply")

KEEP_REPLACED = """
INSERT INTO epi_stocks_replacedline
    (week, establishment_id, item_id, stock, daily, supply, saved_at, saved_by_id, saved_profile_id,
     replaced_at)
VALUES (OLD.week, OLD.establishment_id, OLD.item_id, OLD.stock, OLD.daily, OLD.supply,
        OLD.saved_at, OLD.saved_by_id, OLD.saved_profile_id, clock_timestamp());
RETURN NULL;
"""


class WeeklyInventory(models.Model):
    """The header of a week: on time or late, reopened or not. Closing is computed, never stored."""

    week = models.DateField("semaine du")
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="weekly_inventories",
        verbose_name="établissement",
    )
    first_saved_at = models.DateTimeField("première saisie le", null=True)
    reopened_until = models.DateTimeField("rouvert jusqu’au", null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="rouvert par",
    )
    reason = models.TextField("motif de réouverture", blank=True)

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = "inventaire hebdomadaire"
        verbose_name_plural = "inventaires hebdomadaires"
        ordering = ["-week", "establishment"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "establishment"], name="weekly_inventory_unique_per_week"
            ),
            models.CheckConstraint(
                name="weekly_inventory_week_is_a_monday",
                condition=Q(week__iso_week_day=1),
                violation_error_message="Une semaine est désignée par son lundi.",
            ),
        ]

    def __str__(self):
        return f"{self.establishment} – semaine du {self.week:%d/%m/%Y}"


class Measures(models.Model):
    """The three columns of [002], in units; daily is units a day. NULL: not applicable; 0: none."""

    stock = models.IntegerField("Stock utilisable restant (en unité)", null=True)
    daily = models.IntegerField("Consommation quotidienne anticipable cette semaine", null=True)
    supply = models.IntegerField("Approvisionnement prévu cette semaine", null=True)

    class Meta:
        abstract = True


class InventoryLine(Measures):
    """One item of one week in one establishment.

    The key begins by the week: every read names its Mondays (`docs/decisions`). ``doubts`` marks
    the cells to check: bits 1, 2, 4 for stock, daily, supply; bits 8, 16, 32 once confirmed.
    """

    pk = models.CompositePrimaryKey("week", "establishment_id", "item_id")
    week = models.DateField("semaine du")
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name="établissement",
    )
    item = models.ForeignKey(
        EpiItem,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name="équipement",
    )
    doubts = models.SmallIntegerField("à vérifier", default=0, db_default=0)
    saved_at = models.DateTimeField("enregistré le")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name="enregistré par",
    )
    saved_profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name="profil",
    )

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’inventaire"
        verbose_name_plural = "lignes d’inventaire"
        constraints = [
            models.CheckConstraint(
                name="inventory_line_week_is_a_monday", condition=Q(week__iso_week_day=1)
            ),
            *(
                models.CheckConstraint(
                    name=f"inventory_line_{measure}_not_negative",
                    condition=Q(**{f"{measure}__gte": 0}) | Q(**{f"{measure}__isnull": True}),
                )
                for measure in MEASURES
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_replaced",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                condition=pgtrigger.AnyChange(*MEASURES),
                func=KEEP_REPLACED,
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.item} – semaine du {self.week:%d/%m/%Y}"


class ReplacedLine(Measures):
    """A line as it was before a change: gives « as known on » a date, and who typed what."""

    week = models.DateField("semaine du")
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.DO_NOTHING,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="établissement",
    )
    item = models.ForeignKey(
        EpiItem,
        on_delete=models.DO_NOTHING,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="équipement",
    )
    saved_at = models.DateTimeField("enregistré le")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_index=False,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name="enregistré par",
    )
    saved_profile = models.ForeignKey(
        Profile,
        on_delete=models.DO_NOTHING,
        db_index=False,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name="profil",
    )
    replaced_at = models.DateTimeField("remplacé le")

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne remplacée"
        verbose_name_plural = "lignes remplacées"
        ordering = ["-replaced_at", "-pk"]
        indexes = [models.Index(fields=["week", "establishment", "item"], name="replaced_line_key")]

    def __str__(self):
        return f"{self.item_id} – semaine du {self.week:%d/%m/%Y}"


class EffectiveLineQuerySet(PerimeterQuerySet):
    def of(self, *weeks: date):
        """The rows of some weeks: no read of this view goes without its Mondays."""
        return self.filter(week__in=weeks)


class EffectiveLine(models.Model):
    """What an establishment holds of an item: the lines, with gloves by size added up (a view).

    Never the total of gloves and their sizes both. Read it through ``of(week, …)``.
    """

    pk = models.CompositePrimaryKey("week", "establishment_id", "item_id")
    week = models.DateField("semaine du")
    establishment = models.ForeignKey(
        Establishment, on_delete=models.DO_NOTHING, related_name="+", verbose_name="établissement"
    )
    item = models.ForeignKey(
        EpiItem, on_delete=models.DO_NOTHING, related_name="+", verbose_name="équipement"
    )
    stock = models.BigIntegerField("Stock utilisable restant (en unité)", null=True)
    daily = models.BigIntegerField("Consommation quotidienne anticipable cette semaine", null=True)
    supply = models.BigIntegerField("Approvisionnement prévu cette semaine", null=True)
    doubts = models.SmallIntegerField("à vérifier")
    saved_at = models.DateTimeField("enregistré le")
    by_size = models.BooleanField("par taille")

    objects = EffectiveLineQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "epi_stocks_effectiveline"
        verbose_name = "ligne effective"
        verbose_name_plural = "lignes effectives"

    def __str__(self):
        return f"{self.item_id} – semaine du {self.week:%d/%m/%Y}"
