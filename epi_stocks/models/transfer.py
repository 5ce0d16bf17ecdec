"""Files of many establishments: read, shown, then applied once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Profile
from common.background import is_silent


class InventoryImport(models.Model):
    """A file read and shown to the person who sent it; nothing is declared until ``applied_at``.

    The digest makes the same file for the same week one import, whoever sends it again. A large one
    is read and applied by the task worker: ``is_followed``, it has a page of its own, theirs alone.
    """

    class State(models.TextChoices):
        READING = "reading", "lecture en cours"
        READY = "ready", "à confirmer"
        APPLYING = "applying", "écriture en cours"
        DONE = "done", "terminé"
        REFUSED = "refused", "refusé"
        UNCHANGED = "unchanged", "ne change rien"
        CANCELLED = "cancelled", "abandonné"

    week = models.DateField("semaine du")
    digest = models.CharField("empreinte", max_length=64)
    filename = models.CharField("fichier", max_length=200, blank=True)
    changes = models.JSONField("cases lues", default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    created_at = models.DateTimeField("lu le", auto_now_add=True)
    applied_at = models.DateTimeField("appliqué le", null=True)
    state = models.CharField("état", max_length=12, choices=State, default=State.READY)
    is_followed = models.BooleanField("traité en arrière-plan", default=False)
    path = models.FileField("fichier déposé", upload_to="inventory/", blank=True)
    report = models.JSONField("compte rendu", default=dict)
    message = models.TextField("message", blank=True)
    progress = models.PositiveIntegerField("avancement", default=0)
    seen_at = models.DateTimeField("dernier signe du traitement", null=True)
    profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="sous le profil",
    )

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
            ),
            models.UniqueConstraint(
                fields=["by", "digest", "week"],
                condition=Q(state="reading"),
                name="inventory_import_read_once",
                violation_error_message="Ce fichier est déjà en cours de lecture.",
            ),
            models.CheckConstraint(
                condition=Q(state="done", applied_at__isnull=False)
                | (~Q(state="done") & Q(applied_at__isnull=True)),
                name="inventory_import_done_when_applied",
            ),
        ]

    def __str__(self):
        return f"{self.filename} – semaine du {self.week:%d/%m/%Y}"

    @property
    def is_under_way(self):
        return self.state in (self.State.READING, self.State.APPLYING)

    @property
    def is_stopped(self):
        """Whether the worker began and is gone; one that waits for its turn is not stopped."""
        return self.is_under_way and self.seen_at is not None and is_silent(self.seen_at)
