"""When to warn somebody: the rules of alerts, kept as data and never in code."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.cover import Level
from common.history import tracked
from establishments.models import Department, Region
from establishments.models.nomenclature import DatedQuerySet


class AlertScale(models.TextChoices):
    """What kind of place a rule looks at, the smallest first."""

    SITE = "site", "établissement"
    DEPARTMENT = "department", "département"
    REGION = "region", "région"
    COUNTRY = "country", "pays"


class Urgency(models.TextChoices):
    """How soon somebody must look, the most pressing first."""

    URGENT = "urgent", "Urgente"
    HIGH = "high", "Importante"
    WATCH = "watch", "À suivre"

    @property
    def rank(self) -> int:
        return list(Urgency).index(self)


class AlertRuleQuerySet(DatedQuerySet):
    def applied(self, on: date) -> Self:
        """Those that may warn somebody that day."""
        return self.in_force(on).filter(is_active=True)


@tracked()
class AlertRule(models.Model):
    """A measure of something, somewhere, past a limit, for so long.

    ``subject`` is an equipment, a DCI or a reference UCD as ``measure`` numbers them; blank: all.
    The limit is a class (``at_least``) or a number. With several ``places`` needed at once, the
    alert is that of the territory above, and names them.
    """

    CLASSES = [(one.value, one.label) for one in (Level.TENSE, Level.CRITICAL, Level.SHORTAGE)]

    code = models.CharField("fournie sous le nom", max_length=40, blank=True)
    label = models.CharField("nom", max_length=120)
    measure = models.CharField("mesure", max_length=30)
    subject = models.CharField("produit", max_length=20, blank=True)
    scale = models.CharField("lieux regardés", max_length=10, choices=AlertScale)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département",
    )
    at_least = models.CharField("à partir de la classe", max_length=20, choices=CLASSES, blank=True)
    threshold = models.DecimalField("seuil", max_digits=10, decimal_places=2, null=True, blank=True)
    places = models.PositiveSmallIntegerField("lieux à la fois", default=1)
    lasts_days = models.PositiveSmallIntegerField("tient depuis (jours)", default=0)
    calm_hours = models.PositiveSmallIntegerField("close après (heures de calme)", default=24)
    urgency = models.CharField("urgence", max_length=10, choices=Urgency)
    is_active = models.BooleanField("appliquée", default=True)
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="écrite par",
    )
    created_at = models.DateTimeField("écrite le", auto_now_add=True)

    objects = AlertRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "règle d’alerte"
        verbose_name_plural = "règles d’alerte"
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="alert_rule_of_ours_once"
            ),
            models.CheckConstraint(
                name="alert_rule_one_limit",
                condition=Q(at_least="", threshold__isnull=False)
                | ~Q(at_least="") & Q(threshold__isnull=True),
                violation_error_message="Une règle a une classe ou un seuil, pas les deux.",
            ),
            models.CheckConstraint(
                name="alert_rule_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La règle finit avant de commencer.",
            ),
            models.CheckConstraint(
                name="alert_rule_several_places_of_one_territory",
                condition=Q(places=1) | Q(places__gte=2, scale__in=["department", "region"]),
                violation_error_message="Plusieurs lieux à la fois\u00a0: des départements ou des "
                "régions.",
            ),
            models.CheckConstraint(
                name="alert_rule_of_sites_within_a_territory",
                condition=~Q(scale="site") | Q(region__isnull=False) | Q(department__isnull=False),
                violation_error_message="Pour des établissements, choisissez une région ou un "
                "département.",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def is_ours(self) -> bool:
        """Whether the platform came with it."""
        return bool(self.code)

    @property
    def spreads(self) -> bool:
        return self.places > 1

    @property
    def alert_scale(self) -> AlertScale:
        """What an alert of this rule is about: the places looked at, or the territory above."""
        if not self.spreads:
            return AlertScale(self.scale)
        return AlertScale.COUNTRY if self.scale == AlertScale.REGION else AlertScale.REGION
