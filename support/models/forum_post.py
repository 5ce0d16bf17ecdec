"""What is written in a topic: the question and the answers, their images, votes and reports."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.history import tracked
from support.models.forum_topic import ForumTopic

EDITED_FOR = timedelta(hours=24)


class ForumPostQuerySet(models.QuerySet):
    def shown(self) -> Self:
        return self.filter(hidden_at__isnull=True)

    def of_shown_topics(self) -> Self:
        """Those that everybody reads: a hidden question hides its answers too."""
        return self.shown().filter(topic__in=ForumTopic.objects.shown().values("pk"))

    def answers(self) -> Self:
        return self.filter(is_question=False)

    def in_order(self) -> Self:
        """The question, then what came after; two topics merged have one question."""
        return self.order_by("-is_question", "at", "pk")


@tracked()
class ForumPost(models.Model):
    """``entity``, ``role`` and ``badge`` say as what the author wrote: that does not change later.

    ``token`` is that of the form: sent twice, one post.
    """

    class Badge(models.TextChoices):
        SUPPORT = "support", "Assistance"
        NATIONAL = "national", "Cellule nationale"
        ARS = "ars", "ARS"

    topic = models.ForeignKey(
        ForumTopic, on_delete=models.PROTECT, related_name="posts", verbose_name="sujet"
    )
    is_question = models.BooleanField("question", default=False)
    text = models.TextField("texte", max_length=10_000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    entity = models.CharField("entité", max_length=250, blank=True)
    role = models.CharField("rôles", max_length=250, blank=True)
    badge = models.CharField("réponse officielle", max_length=8, choices=Badge, blank=True)
    at = models.DateTimeField("écrit le")
    edited_at = models.DateTimeField("modifié le", null=True)
    hidden_at = models.DateTimeField("masqué le", null=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="masqué par",
    )
    hidden_reason = models.CharField("motif", max_length=500, blank=True)
    solution_at = models.DateTimeField("solution depuis le", null=True)
    solution_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="désignée par",
    )
    token = models.UUIDField("jeton", default=uuid.uuid4)

    objects = ForumPostQuerySet.as_manager()

    class Meta:
        verbose_name = "message du forum"
        verbose_name_plural = "messages du forum"
        ordering = ["topic", "at", "pk"]
        indexes = [
            models.Index(fields=["topic", "at"], name="forum_post_of_topic"),
            models.Index(
                fields=["topic"],
                condition=Q(is_question=True, hidden_at__isnull=False),
                name="forum_question_hidden",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["topic"], condition=Q(is_question=True), name="forum_one_question"
            ),
            models.UniqueConstraint(
                fields=["topic"],
                condition=Q(solution_at__isnull=False),
                name="forum_one_solution",
            ),
            models.UniqueConstraint(fields=["by", "token"], name="forum_post_one_per_token"),
            models.CheckConstraint(name="forum_post_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="forum_solution_is_an_answer",
                condition=Q(solution_at__isnull=True, solution_by__isnull=True)
                | Q(solution_at__isnull=False, solution_by__isnull=False, is_question=False),
            ),
            models.CheckConstraint(
                name="forum_hidden_says_why",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason=""),
            ),
        ]

    def __str__(self):
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return reverse("support:forum_post", args=[self.pk])

    def is_edited_by(self, user: User) -> bool:
        """Its author alone, for a day, unless it was hidden meanwhile."""
        is_recent = timezone.now() - self.at <= EDITED_FOR
        return bool(self.by_id == user.pk and is_recent and self.hidden_at is None)


class ForumImage(models.Model):
    """A screenshot drawn again by us, kept with its post (decision 0062)."""

    post = models.OneToOneField(
        ForumPost, on_delete=models.CASCADE, related_name="image", verbose_name="message"
    )
    content = models.BinaryField("image")
    width = models.PositiveSmallIntegerField("largeur")
    height = models.PositiveSmallIntegerField("hauteur")

    class Meta:
        verbose_name = "image du forum"
        verbose_name_plural = "images du forum"

    def __str__(self):
        return f"{self.width} × {self.height}"


class ForumVote(models.Model):
    """« Moi aussi » on a question, « utile » on an answer: one a person."""

    post = models.ForeignKey(
        ForumPost, on_delete=models.CASCADE, related_name="votes", verbose_name="message"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="par"
    )

    class Meta:
        verbose_name = "avis du forum"
        verbose_name_plural = "avis du forum"
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="forum_one_vote_each")]

    def __str__(self):
        return f"{self.user}, {self.post_id}"


class ForumReport(models.Model):
    """Somebody tells that a post should be looked at; whoever moderates settles it."""

    class Reason(models.TextChoices):
        PERSONAL = "personal", "données personnelles ou mot de passe"
        HARSH = "harsh", "propos déplacés"
        WRONG = "wrong", "information dangereuse ou fausse"
        ELSEWHERE = "elsewhere", "hors sujet ou publicité"

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", "message masqué"
        KEPT = "kept", "message laissé"

    post = models.ForeignKey(
        ForumPost, on_delete=models.CASCADE, related_name="reports", verbose_name="message"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    at = models.DateTimeField("signalé le")
    reason = models.CharField("motif", max_length=10, choices=Reason)
    note = models.CharField("précision", max_length=500, blank=True)
    outcome = models.CharField("suite", max_length=6, choices=Outcome, blank=True)
    settled_at = models.DateTimeField("traité le", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="traité par",
    )

    class Meta:
        verbose_name = "signalement"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "by"],
                condition=Q(settled_at__isnull=True),
                name="forum_one_open_report_each",
            ),
            models.CheckConstraint(
                name="forum_report_settled_says_how",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, outcome="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_reason_display()}, {self.at:%d/%m/%Y}"
