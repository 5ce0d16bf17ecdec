"""Which products are followed, since when, how urgently, and how often they are declared."""

from datetime import date, time
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from establishments.models.nomenclature import WHOLE_SPAN, DatedQuerySet
from medications.models.product import Product
from medications.words import OF_DEVICES, OF_MEDICINES, Words

FRIDAY = 5


class Priority(models.IntegerChoices):
    """How urgent the follow-up of a product is; the first is the ministry's [001]."""

    NATIONAL = 1, "priorité nationale 1"
    HIGH = 2, "priorité 2"
    NORMAL = 3, "priorité 3"


class MonitoredList(models.Model):
    """A list of the menu [000]; its page is « Liste UCD … »."""

    class Slug(models.TextChoices):
        OTHERS = "autres", "autres médicaments"
        FLU = "grippe", "vaccin grippe"
        COVID = "covid", "vaccin COVID"
        DEVICES = "dispositifs", "dispositifs spécifiques à la vaccination"

    slug = models.CharField("liste", max_length=12, choices=Slug, primary_key=True)
    rank = models.PositiveSmallIntegerField("rang", unique=True)

    class Meta:
        verbose_name = "liste suivie"
        verbose_name_plural = "listes suivies"
        ordering = ["rank"]

    def __str__(self):
        return self.get_slug_display()

    @property
    def title(self) -> str:
        """« Liste UCD autres médicaments », word for word [000]; devices have no UCD."""
        if self.is_devices:
            return "Liste des dispositifs spécifiques à la vaccination"
        return f"Liste UCD {self.get_slug_display()}"

    @property
    def is_devices(self) -> bool:
        return self.slug == self.Slug.DEVICES

    @property
    def words(self) -> Words:
        """What its pages call the products: devices have neither UCD nor DCI."""
        return OF_DEVICES if self.is_devices else OF_MEDICINES

    @property
    def is_covid(self) -> bool:
        return self.slug in (self.Slug.COVID, self.Slug.DEVICES)


class MonitoringQuerySet(DatedQuerySet):
    def of(self, monitored_list: str | MonitoredList, on: date) -> Self:
        """What a list follows on a day, in the order of its page: priority, then label."""
        followed = self.in_force(on).filter(monitored_list=monitored_list)
        return followed.select_related("product__reference__substance").order_by(
            "priority", "product__sort_label", "product__code"
        )


@tracked()
class Monitoring(models.Model):
    """A product followed by a list between two dates, at one priority.

    Changing the priority ends this row and begins another: what was followed on a day stays known.
    """

    monitored_list = models.ForeignKey(
        MonitoredList, on_delete=models.PROTECT, related_name="monitorings", verbose_name="liste"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="monitorings", verbose_name="produit"
    )
    priority = models.PositiveSmallIntegerField(
        "priorité", choices=Priority, default=Priority.NORMAL
    )
    starts_on = models.DateField("suivi à partir du")
    ends_on = models.DateField("suivi jusqu’au", null=True, blank=True)

    objects = MonitoringQuerySet.as_manager()

    class Meta:
        verbose_name = "suivi"
        verbose_name_plural = "suivis"
        ordering = ["monitored_list", "product", "starts_on"]
        constraints = [
            ExclusionConstraint(
                name="monitoring_one_at_a_time",
                expressions=[
                    (F("product"), RangeOperators.EQUAL),
                    (WHOLE_SPAN, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Ce produit est déjà suivi à ces dates.",
            ),
        ]

    def __str__(self):
        return f"{self.product} ({self.monitored_list})"

    @property
    def is_national(self) -> bool:
        return self.priority == Priority.NATIONAL


@tracked()
class ReportingRule(models.Model):
    """On which days of the week a list is declared, and until what hour, from a date on.

    Weekly at least [001]; it has been twice a week, and may be daily. ISO days: 1 is Monday.
    """

    monitored_list = models.ForeignKey(
        MonitoredList, on_delete=models.PROTECT, related_name="rules", verbose_name="liste"
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="jours attendus (1\u00a0: lundi)"
    )
    due_time = models.TimeField("heure attendue", default=time(18))
    starts_on = models.DateField("à partir du")

    class Meta:
        verbose_name = "fréquence de déclaration"
        verbose_name_plural = "fréquences de déclaration"
        ordering = ["monitored_list", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["monitored_list", "starts_on"],
                name="reporting_rule_one_per_start",
                violation_error_message="Une fréquence commence déjà ce jour-là.",
            ),
            models.CheckConstraint(
                name="reporting_rule_at_least_weekly",
                condition=Q(weekdays__len__gte=1) & Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                violation_error_message="Une liste se déclare au moins une fois par semaine.",
            ),
        ]

    def __str__(self):
        return f"{self.monitored_list} à partir du {self.starts_on:%d/%m/%Y}"
