"""Who was written to about an alert, and how often each wants to be."""

from django.db import models
from django.db.models import Q

from accounts.models import Profile
from establishments.perimeter import Perimeter, PerimeterQuerySet
from steering.models.alert import Alert, AlertEvent


class AlertPreference(models.Model):
    """How often the mails of alerts come, under a profile; at once when nothing is said."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", "Tout de suite"
        DAILY = "daily", "Une fois par jour, le matin"
        NEVER = "never", "Jamais"

    profile = models.OneToOneField(
        Profile,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="alert_preference",
        verbose_name="profil",
    )
    rhythm = models.CharField("courriels d’alerte", max_length=8, choices=Rhythm)

    class Meta:
        verbose_name = "préférence de courriels d’alerte"
        verbose_name_plural = "préférences de courriels d’alerte"

    def __str__(self):
        return f"{self.profile_id} {self.get_rhythm_display()}"


class NoticeQuerySet(PerimeterQuerySet):
    def within(self, perimeter: Perimeter):
        return self.filter(event__alert__in=Alert.objects.within(perimeter))


class AlertNotice(models.Model):
    """One person told of one event; ``sent_at`` is blank while the mail of the morning waits."""

    event = models.ForeignKey(
        AlertEvent, on_delete=models.PROTECT, related_name="notices", verbose_name="suite"
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.PROTECT, related_name="+", verbose_name="profil"
    )
    sent_at = models.DateTimeField("écrit le", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel d’alerte"
        verbose_name_plural = "courriels d’alerte"
        ordering = ["event", "pk"]
        indexes = [
            models.Index(
                fields=["profile"], condition=Q(sent_at__isnull=True), name="alert_notice_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "profile"], name="alert_notice_once")
        ]

    def __str__(self):
        return f"{self.event_id} {self.profile_id}"
