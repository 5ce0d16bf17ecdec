"""A theme of the forum Agora: what one asks about."""

from typing import Self

from django.db import models
from django.db.models.functions import Lower

from common.history import tracked


class ForumThemeQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those where one may still ask."""
        return self.filter(archived_at__isnull=True)


@tracked()
class ForumTheme(models.Model):
    """Written by support; archived, its topics are still read and found."""

    title = models.CharField("titre", max_length=80)
    description = models.CharField("ce que l’on y demande", max_length=300)
    position = models.PositiveSmallIntegerField("rang", default=0)
    archived_at = models.DateTimeField("archivé le", null=True, blank=True)

    objects = ForumThemeQuerySet.as_manager()

    class Meta:
        verbose_name = "thème du forum"
        verbose_name_plural = "thèmes du forum"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("title"),
                name="forum_theme_one_title",
                violation_error_message="Un thème porte déjà ce titre.",
            ),
        ]

    def __str__(self):
        return self.title
