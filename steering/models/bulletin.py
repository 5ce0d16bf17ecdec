"""The weekly bulletin: the figures of a week as they were published, never changed since."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Profile
from establishments.models import Region
from establishments.perimeter import Perimeter, PerimeterQuerySet

LONGEST_WORD = 3000
LONGEST_REASON = 300


class OfTerritoryQuerySet(PerimeterQuerySet):
    """Rows are regions, or the country (no region), which only who watches over it sees."""

    def within(self, perimeter: Perimeter) -> Self:
        if perimeter.is_national:
            return self.all()
        return self.filter(region__in=perimeter.region_codes)

    def of(self, region: Region | None) -> Self:
        return self.filter(region=region) if region else self.filter(region__isnull=True)


class BulletinQuerySet(OfTerritoryQuerySet):
    def latest(self) -> Self:
        """The version in force of each week, the last week first."""
        return self.order_by("-week", "region_id", "-version").distinct("week", "region_id")


class Bulletin(models.Model):
    """Of a region, or of the country (``region`` null), for the week that began on ``week``.

    ``content`` holds the figures with their words (``steering.situation.content``), ``word`` the
    paragraph of the editor. A correction is a new version, which says why; nothing is rewritten.
    """

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="région"
    )
    week = models.DateField("semaine du")
    version = models.PositiveSmallIntegerField("version", default=1)
    content = models.JSONField("chiffres")
    word = models.TextField("mot de la cellule", blank=True, max_length=LONGEST_WORD)
    reason = models.CharField("motif de la correction", max_length=LONGEST_REASON, blank=True)
    read_at = models.DateTimeField("chiffres relevés le")
    published_at = models.DateTimeField("publié le", default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="corrigé par",
    )

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = "bulletin"
        verbose_name_plural = "bulletins"
        ordering = ["-week", "region", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "week", "version"],
                nulls_distinct=False,
                name="bulletin_one_of_each_version",
                violation_error_message="Ce bulletin existe déjà.",
            ),
            models.CheckConstraint(name="bulletin_of_a_monday", condition=Q(week__iso_week_day=1)),
            models.CheckConstraint(
                name="bulletin_corrected_by_somebody_who_says_why",
                condition=Q(version=1, published_by__isnull=True, reason="")
                | (Q(version__gt=1, published_by__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"Bulletin – {self.place_name} – semaine du {self.week:%d/%m/%Y}"

    @property
    def place_name(self) -> str:
        return str(self.region) if self.region else "France entière"

    @property
    def is_corrected(self) -> bool:
        return self.version > 1


class BulletinWord(models.Model):
    """« Le mot de la cellule » of a bulletin to come: taken as it is when the bulletin is made."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="région"
    )
    week = models.DateField("semaine du")
    text = models.TextField("mot de la cellule", blank=True, max_length=LONGEST_WORD)
    written_at = models.DateTimeField("écrit le", auto_now=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    objects = OfTerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "mot d’un bulletin"
        verbose_name_plural = "mots des bulletins"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "week"], nulls_distinct=False, name="bulletin_word_one_a_week"
            ),
            models.CheckConstraint(
                name="bulletin_word_of_a_monday", condition=Q(week__iso_week_day=1)
            ),
        ]

    def __str__(self):
        return f"{self.region or 'France entière'} – semaine du {self.week:%d/%m/%Y}"


class DigestSubscription(models.Model):
    """Somebody wants the bulletin of a territory by mail, under one of their profiles."""

    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="digests", verbose_name="profil"
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="région"
    )
    created_at = models.DateTimeField("abonné le", auto_now_add=True)

    class Meta:
        verbose_name = "abonnement au bulletin"
        verbose_name_plural = "abonnements au bulletin"
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "region"], nulls_distinct=False, name="digest_asked_once"
            )
        ]

    def __str__(self):
        return f"{self.profile} – {self.region or 'France entière'}"


class DigestSending(models.Model):
    """The mark that a bulletin was sent to a profile: written with the mail, so never twice."""

    bulletin = models.ForeignKey(
        Bulletin, on_delete=models.PROTECT, related_name="sendings", verbose_name="bulletin"
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, related_name="+", verbose_name="profil"
    )
    sent_at = models.DateTimeField("mis en file le", auto_now_add=True)

    class Meta:
        verbose_name = "envoi du bulletin"
        verbose_name_plural = "envois du bulletin"
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "profile"], name="digest_sent_once")
        ]

    def __str__(self):
        return f"{self.bulletin} – {self.profile}"
