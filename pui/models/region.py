"""What pharmacies hold, added up by territory for speed, and the reminders sent to late ones.

Summaries hold codes, not keys: they are rebuilt from the lines, never edited. A test compares them
with the truth.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from establishments.perimeter import Perimeter, PerimeterQuerySet
from medications.models import MonitoredList
from pui.models.register import Pui
from pui.models.reminding import ReminderRound, Step
from pui.models.transmission import PuiRowsQuerySet


class Scale(models.TextChoices):
    COUNTRY = "country", "pays"
    REGION = "region", "région"
    DEPARTMENT = "department", "département"


class TerritoryQuerySet(PerimeterQuerySet):
    """Rows are territories: whoever reaches less than a region sees none."""

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(region_code__in=perimeter.region_codes)


class Territorial(models.Model):
    """Of a list, at a due day, in the country, a region or a department (``code``).

    ``is_same_hour``: as it was one due day before now, to compare a day that is under way with the
    one before at the same moment.
    """

    monitored_list = models.ForeignKey(
        MonitoredList,
        on_delete=models.DO_NOTHING,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="liste",
    )
    due_on = models.DateField("échéance du")
    is_same_hour = models.BooleanField("à la même heure", default=False)
    scale = models.CharField("échelle", max_length=10, choices=Scale)
    code = models.CharField("code", max_length=3, blank=True)
    region_code = models.CharField("région", max_length=3, blank=True)

    class Meta:
        abstract = True


class TerritorialSums(Territorial):
    """What the lines that count say.

    Totals are NULL when nobody declared that column: blank is not 0. ``ratio_stock`` and
    ``ratio_daily`` add up only the ``ratio_lines`` where both are declared.
    """

    stock = models.DecimalField("stock", max_digits=16, decimal_places=2, null=True)
    daily = models.DecimalField("consommation", max_digits=16, decimal_places=2, null=True)
    ratio_stock = models.DecimalField("stock du rapport", max_digits=16, decimal_places=2)
    ratio_daily = models.DecimalField("consommation du rapport", max_digits=16, decimal_places=2)
    lines = models.IntegerField("lignes", default=0)
    ratio_lines = models.IntegerField("lignes du rapport", default=0)
    carried = models.IntegerField("reprises d’une échéance antérieure", default=0)

    objects = TerritoryQuerySet.as_manager()

    class Meta(Territorial.Meta):
        abstract = True


class StockSummary(TerritorialSums):
    """Of one product."""

    pk = models.CompositePrimaryKey(
        "monitored_list_id", "due_on", "is_same_hour", "scale", "region_code", "code", "product_id"
    )
    product_id = models.BigIntegerField("produit")

    class Meta:
        verbose_name = "stock d’un territoire"
        verbose_name_plural = "stocks des territoires"

    def __str__(self):
        return f"{self.code} – {self.product_id} – {self.due_on:%d/%m/%Y}"


class SubstanceSummary(TerritorialSums):
    """Of one DCI: the map and the trend read these, ten times fewer.

    ``substance_id`` is that of the substance; a product without any is alone in its group, under
    the opposite of its own number.
    """

    pk = models.CompositePrimaryKey(
        "monitored_list_id",
        "due_on",
        "is_same_hour",
        "scale",
        "region_code",
        "code",
        "substance_id",
    )
    substance_id = models.BigIntegerField("DCI")

    class Meta:
        verbose_name = "stock d’une DCI dans un territoire"
        verbose_name_plural = "stocks des DCI dans les territoires"

    def __str__(self):
        return f"{self.code} – {self.substance_id} – {self.due_on:%d/%m/%Y}"


class PharmacySummary(Territorial):
    """Who declared, and how many pharmacies lack a watched DCI: at the worst of their levels."""

    pk = models.CompositePrimaryKey(
        "monitored_list_id", "due_on", "is_same_hour", "scale", "region_code", "code"
    )
    expected = models.IntegerField("attendues", default=0)
    declared = models.IntegerField("ont déclaré", default=0)
    on_time = models.IntegerField("dans les temps", default=0)
    counted = models.IntegerField("comptées", default=0)
    shortage = models.IntegerField("en rupture", default=0)
    critical = models.IntegerField("critiques", default=0)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "PUI d’un territoire"
        verbose_name_plural = "PUI des territoires"

    def __str__(self):
        return f"{self.code} – {self.due_on:%d/%m/%Y}"


class SummarisedDue(models.Model):
    """When the figures of a due day were last made equal to its lines."""

    pk = models.CompositePrimaryKey("monitored_list_id", "due_on", "is_same_hour")
    monitored_list = models.ForeignKey(
        MonitoredList,
        on_delete=models.DO_NOTHING,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="liste",
    )
    due_on = models.DateField("échéance du")
    is_same_hour = models.BooleanField("à la même heure", default=False)
    refreshed_at = models.DateTimeField("calculée le")

    class Meta:
        verbose_name = "échéance calculée"
        verbose_name_plural = "échéances calculées"

    def __str__(self):
        return f"{self.monitored_list_id} – {self.due_on:%d/%m/%Y}"


class Reminder(models.Model):
    """A late pharmacy was written to: once a day at most for a list, whoever writes.

    By a person (``sent_by``), or by the timetable of its region (``round``), which says at which
    ``step``, after how many reminders ``missed``.
    """

    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="reminders", verbose_name="PUI"
    )
    monitored_list = models.ForeignKey(
        MonitoredList, on_delete=models.PROTECT, related_name="+", verbose_name="liste"
    )
    due_on = models.DateField("échéance du")
    day = models.DateField("jour")
    sent_at = models.DateTimeField("relancée le", auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="par",
    )
    round = models.ForeignKey(
        ReminderRound,
        on_delete=models.PROTECT,
        null=True,
        related_name="reminders",
        verbose_name="tournée",
    )
    step = models.CharField("à qui", max_length=3, choices=Step, blank=True)
    missed = models.PositiveSmallIntegerField("sans réponse jusque-là", default=0)
    recipients = models.PositiveSmallIntegerField("destinataires")

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "relance d’une PUI"
        verbose_name_plural = "relances des PUI"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pui", "monitored_list", "day"],
                name="reminder_once_a_day",
                violation_error_message="Cette PUI a déjà été relancée aujourd’hui.",
            ),
            models.CheckConstraint(name="reminder_to_somebody", condition=Q(recipients__gte=1)),
            models.CheckConstraint(
                name="reminder_by_somebody_or_a_round",
                condition=Q(sent_by__isnull=False, round__isnull=True)
                | Q(sent_by__isnull=True, round__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.pui} – {self.sent_at:%d/%m/%Y}"
