"""The words of the site that an exploiter writes, and its dated announcements."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class TextVersion(models.Model):
    """What a part of a page said from a moment on; blank: the words of the software again.

    Nothing is changed nor taken away: the last version is the one that is read.
    """

    slug = models.SlugField("texte", max_length=40)
    body = models.TextField("contenu", blank=True, max_length=10_000)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    class Meta:
        verbose_name = "version d’un texte"
        verbose_name_plural = "versions des textes"
        ordering = ["slug", "-at", "-pk"]
        indexes = [models.Index(fields=["slug", "-at", "-id"], name="text_version_last")]

    def __str__(self):
        return f"{self.slug}, {self.at:%d/%m/%Y %H:%M}"


class AnnouncementQuerySet(models.QuerySet):
    def not_over(self) -> Self:
        """Under way or to come."""
        return self.filter(ends_at__gt=timezone.now(), withdrawn_at=None)


class Announcement(models.Model):
    """A sentence above every page between two moments: maintenance, closure, incident."""

    class Level(models.TextChoices):
        INFO = "info", "information"
        WARNING = "warning", "attention"

    class Audience(models.TextChoices):
        ALL = "all", "tout le monde, connecté ou non"
        KNOWN = "known", "les personnes connectées"

    text = models.CharField("annonce", max_length=300)
    level = models.CharField("ton", max_length=10, choices=Level, default=Level.INFO)
    audience = models.CharField("pour", max_length=10, choices=Audience, default=Audience.ALL)
    starts_at = models.DateTimeField("à partir du")
    ends_at = models.DateTimeField("jusqu’au")
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    created_at = models.DateTimeField("écrite le", auto_now_add=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = "annonce"
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["ends_at"], name="announcement_end")]
        constraints = [
            models.CheckConstraint(
                name="announcement_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’annonce finit avant de commencer.",
            )
        ]

    def __str__(self):
        return self.text

    @property
    def state(self) -> str:
        now = timezone.now()
        if self.withdrawn_at:
            return "retirée"
        if self.starts_at > now:
            return "à venir"
        return "affichée" if self.ends_at > now else "terminée"
