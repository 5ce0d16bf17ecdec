"""When late pharmacies are written to without anybody asking, and each time it was done."""

from datetime import time
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from common.history import tracked
from establishments.models import Region
from establishments.perimeter import Perimeter, PerimeterQuerySet


class Step(models.TextChoices):
    """Who is written to, the first ones first."""

    DECLARANTS = "gf", "gestionnaires de fichiers (GF)"
    ADMINISTRATORS = "ape", "GF et administrateurs (APE)"
    AGENCY = "ars", "GF et APE, PUI signalée à l’ARS"


class RegionRowsQuerySet(PerimeterQuerySet):
    """Rows of a region; those without one belong to the country."""

    def within(self, perimeter: Perimeter) -> Self:
        return self if perimeter.is_national else self.filter(region__in=perimeter.region_codes)


@tracked()
class ReminderTimetable(models.Model):
    """On which days and at what hour, Paris time, a region writes to its late pharmacies.

    Without region, the one of the country: that of every region that has set none. ``patience`` is
    how many reminders stay without an answer before the next people are written to. A pause lasts
    until ``resumes_on``, or until somebody ends it.
    """

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="jours (1\u00a0: lundi)")
    at = models.TimeField("heure", default=time(10))
    patience = models.PositiveSmallIntegerField(
        "relances sans réponse avant l’étape suivante",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    is_paused = models.BooleanField("en pause", default=False)
    resumes_on = models.DateField("reprise le", null=True, blank=True)
    changed_at = models.DateTimeField("réglé le", auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="par",
    )

    objects = RegionRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "calendrier des relances"
        verbose_name_plural = "calendriers des relances"
        ordering = ["region"]
        constraints = [
            models.UniqueConstraint(
                fields=["region"], name="reminder_timetable_one_each", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="reminder_timetable_working_days",
                condition=Q(weekdays__len__gte=1) & Q(weekdays__contained_by=[1, 2, 3, 4, 5]),
                violation_error_message="Choisissez au moins un jour, du lundi au vendredi.",
            ),
            models.CheckConstraint(
                name="reminder_timetable_patience", condition=Q(patience__range=(1, 10))
            ),
            models.CheckConstraint(
                name="reminder_timetable_pause",
                condition=Q(is_paused=True) | Q(resumes_on__isnull=True),
            ),
        ]

    def __str__(self):
        return f"Relances, {self.region or 'France entière'}"


class ReminderRound(models.Model):
    """The reminders of one region, one day: sent once, whatever the number of workers.

    ``late`` pharmacies were found; ``reminded`` ones were written to, in ``mails`` mails;
    ``unreachable`` ones have no address; ``handed_over`` are those that the ARS was told of.
    """

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="région",
    )
    day = models.DateField("jour")
    planned_at = models.DateTimeField("prévue le")
    sent_at = models.DateTimeField("partie le")
    late = models.PositiveIntegerField("PUI en retard", default=0)
    reminded = models.PositiveIntegerField("PUI relancées", default=0)
    mails = models.PositiveIntegerField("courriels", default=0)
    unreachable = models.PositiveIntegerField("sans adresse", default=0)
    handed_over = models.PositiveIntegerField("signalées à l’ARS", default=0)

    objects = RegionRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "tournée de relances"
        verbose_name_plural = "tournées de relances"
        ordering = ["-day", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "day"],
                name="reminder_round_once_a_day",
                nulls_distinct=False,
                violation_error_message="Les relances de ce jour sont déjà parties.",
            ),
        ]

    def __str__(self):
        return f"{self.region or 'Sans région'} – {self.day:%d/%m/%Y}"
