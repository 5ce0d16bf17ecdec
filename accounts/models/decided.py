"""What somebody decides of, and says why."""

from django.conf import settings
from django.db import models


class Decided(models.Model):
    """Who decided, and the reason that the person is told; nobody when it came by itself."""

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="auteur de la décision",
    )
    reason = models.TextField("motif", blank=True)

    class Meta:
        abstract = True
