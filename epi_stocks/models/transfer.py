"""Files of many establishments: read, shown, then applied once."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class InventoryImport(models.Model):
    """A file read and shown to the person who sent it; nothing is declared until ``applied_at``.

    The digest makes the same file for the same week one import, whoever sends it again.
    """

    week = models.DateField("semaine du")
    digest = models.CharField("empreinte", max_length=64)
    filename = models.CharField("fichier", max_length=200, blank=True)
    changes = models.JSONField("cases lues", default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    created_at = models.DateTimeField("lu le", auto_now_add=True)
    applied_at = models.DateTimeField("appliqué le", null=True)

    class Meta:
        verbose_name = "import d’inventaire"
        verbose_name_plural = "imports d’inventaire"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "week"],
                condition=Q(applied_at__isnull=False),
                name="inventory_import_applied_once",
                violation_error_message="Ce fichier a déjà été importé.",
            )
        ]

    def __str__(self):
        return f"{self.filename} – semaine du {self.week:%d/%m/%Y}"
