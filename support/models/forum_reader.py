"""What the forum knows of one person: what they follow and have read, how they are told."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import tracked
from support.models.forum_theme import ForumTheme
from support.models.forum_topic import ForumTopic


class ForumReaderQuerySet(models.QuerySet):
    def restricted(self, today) -> Self:
        return self.filter(restricted_until__gte=today)


@tracked(exclude=["digest_at", "all_read_at"])
class ForumReader(models.Model):
    """Whoever came once. ``restricted_until``: they read, and do not write, that day included."""

    class Pace(models.TextChoices):
        EACH = "each", "à chaque message"
        DAILY = "daily", "une fois par jour"
        NEVER = "never", "jamais"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="forum_reader",
        verbose_name="compte",
    )
    pace = models.CharField("prévenir", max_length=5, choices=Pace, default=Pace.EACH)
    digest_at = models.DateTimeField("récapitulé jusqu’au", auto_now_add=True)
    all_read_at = models.DateTimeField("tout est lu jusqu’au", auto_now_add=True)
    restricted_until = models.DateField("lecture seule jusqu’au", null=True, blank=True)
    restricted_reason = models.CharField("motif", max_length=500, blank=True)
    restricted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="décidé par",
    )

    objects = ForumReaderQuerySet.as_manager()

    class Meta:
        verbose_name = "lecteur du forum"
        verbose_name_plural = "lecteurs du forum"
        constraints = [
            models.CheckConstraint(
                name="forum_restriction_says_why",
                condition=Q(
                    restricted_until__isnull=True, restricted_by__isnull=True, restricted_reason=""
                )
                | Q(restricted_until__isnull=False, restricted_by__isnull=False)
                & ~Q(restricted_reason=""),
            )
        ]

    def __str__(self):
        return str(self.user)


class ForumFollow(models.Model):
    """A topic or a theme that a person follows: its answers, or its new questions."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="forum_follows",
        verbose_name="compte",
    )
    topic = models.ForeignKey(
        ForumTopic,
        on_delete=models.CASCADE,
        null=True,
        related_name="follows",
        verbose_name="sujet",
    )
    theme = models.ForeignKey(
        ForumTheme,
        on_delete=models.CASCADE,
        null=True,
        related_name="follows",
        verbose_name="thème",
    )
    at = models.DateTimeField("depuis le", auto_now_add=True)

    class Meta:
        verbose_name = "abonnement"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="forum_follow_of_one",
                condition=Q(topic__isnull=True) ^ Q(theme__isnull=True),
            ),
            models.UniqueConstraint(fields=["user", "topic"], name="forum_follow_topic_once"),
            models.UniqueConstraint(fields=["user", "theme"], name="forum_follow_theme_once"),
        ]

    def __str__(self):
        return str(self.topic or self.theme)


class ForumRead(models.Model):
    """Until when a person has read a topic."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="compte"
    )
    topic = models.ForeignKey(
        ForumTopic, on_delete=models.CASCADE, related_name="reads", verbose_name="sujet"
    )
    read_at = models.DateTimeField("lu jusqu’au")

    class Meta:
        verbose_name = "lecture"
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="forum_read_once"),
        ]

    def __str__(self):
        return f"{self.user}, {self.topic}"
