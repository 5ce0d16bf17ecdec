"""A vaccine as it is ordered and delivered: doses in a vial, days between two injections."""

from datetime import date

from django.db import models
from django.db.models import Q

from common.history import tracked
from medications.models import Product


@tracked()
class Vaccine(models.Model):
    """One vaccine of a campaign; ``product`` is its UCD, ``gtin`` that of its box (GS1)."""

    label = models.CharField("vaccin", max_length=120, unique=True)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", verbose_name="UCD"
    )
    gtin = models.CharField("code GTIN", max_length=14, blank=True)
    interval_days = models.PositiveSmallIntegerField(
        "intervalle entre deux injections (jours)", null=True, blank=True
    )

    class Meta:
        verbose_name = "vaccin"
        verbose_name_plural = "vaccins"
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                fields=["gtin"],
                condition=~Q(gtin=""),
                name="vaccine_gtin_once",
                violation_error_message="Ce code GTIN est celui d’un autre vaccin.",
            )
        ]

    def __str__(self):
        return self.label

    def doses_per_vial(self, day: date) -> int | None:
        """In force that day: it changed during the campaign. None: nobody wrote it yet."""
        found = self.vials.filter(starts_on__lte=day).order_by("-starts_on")
        doses: int | None = found.values_list("doses", flat=True).first()
        return doses


@tracked()
class VialDoses(models.Model):
    """How many doses a vial gives, from a day on."""

    vaccine = models.ForeignKey(
        Vaccine, on_delete=models.CASCADE, related_name="vials", verbose_name="vaccin"
    )
    starts_on = models.DateField("à partir du")
    doses = models.PositiveSmallIntegerField("doses par flacon")

    class Meta:
        verbose_name = "doses par flacon"
        verbose_name_plural = "doses par flacon"
        ordering = ["vaccine", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["vaccine", "starts_on"],
                name="vial_doses_one_a_day",
                violation_error_message="Le nombre de doses par flacon est déjà écrit à ce jour.",
            ),
            models.CheckConstraint(
                name="vial_doses_of_one_at_least",
                condition=Q(doses__gte=1),
                violation_error_message="Un flacon contient une dose au moins.",
            ),
        ]

    def __str__(self):
        since = f"depuis le {self.starts_on:%d/%m/%Y}"
        return f"{self.vaccine}\u00a0: {self.doses} doses par flacon {since}"
