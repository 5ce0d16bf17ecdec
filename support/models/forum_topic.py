"""A topic of the forum Agora: a question, and what is answered to it."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from common.history import tracked
from establishments.perimeter import Action
from support.models.forum_theme import ForumTheme


class ForumTopicQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """Neither merged into another one, nor with its question hidden."""
        return self.filter(
            merged_into__isnull=True, posts__is_question=True, posts__hidden_at__isnull=True
        )

    def visible_to(self, user: User) -> Self:
        """Who moderates sees what is hidden, marked so."""
        if user.may(Action.FORUM_MODERATE):
            return self.filter(merged_into__isnull=True)
        return self.shown()


@tracked(exclude=["document", "last_post_at"])
class ForumTopic(models.Model):
    """Its question is its first post. ``document`` is what a search reads: title and posts shown,
    written again at each change by ``support.forum.indexing``; ``last_post_at`` sorts the lists.
    """

    theme = models.ForeignKey(
        ForumTheme, on_delete=models.PROTECT, related_name="topics", verbose_name="thème"
    )
    title = models.CharField("titre", max_length=150)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    opened_at = models.DateTimeField("ouvert le")
    last_post_at = models.DateTimeField("dernier message le")
    is_pinned = models.BooleanField("épinglé", default=False)
    closed_at = models.DateTimeField("clos le", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="clos par",
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="merged",
        verbose_name="réuni à",
    )
    document = SearchVectorField("mots", null=True, editable=False)

    objects = ForumTopicQuerySet.as_manager()

    class Meta:
        verbose_name = "sujet du forum"
        verbose_name_plural = "sujets du forum"
        ordering = ["-is_pinned", "-last_post_at", "-pk"]
        indexes = [
            GinIndex(fields=["document"], name="forum_topic_words"),
            models.Index(fields=["-is_pinned", "-last_post_at", "-id"], name="forum_topic_recent"),
            models.Index(fields=["theme", "-last_post_at"], name="forum_topic_of_theme"),
            models.Index(fields=["opened_by", "-last_post_at"], name="forum_topic_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="forum_topic_has_a_title",
                condition=~Q(title=""),
                violation_error_message="Donnez un titre à votre question.",
            ),
            models.CheckConstraint(
                name="forum_topic_closed_says_who",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="forum_topic_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("support:forum_topic", args=[self.pk])
