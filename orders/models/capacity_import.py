"""A file of capacities: read, shown to who sent it, then applied once, all of it or nothing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Profile
from common.background import is_silent


class CapacityImport(models.Model):
    """Its page is its sender's alone. A large one is read and applied by the task worker.

    ``changes``: establishment, basis, number, day, and the number and day they replace.
    """

    class State(models.TextChoices):
        READING = "reading", "lecture en cours"
        READY = "ready", "à confirmer"
        APPLYING = "applying", "écriture en cours"
        DONE = "done", "enregistré"
        REFUSED = "refused", "refusé"
        UNCHANGED = "unchanged", "ne change rien"
        CANCELLED = "cancelled", "abandonné"

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="sous le profil",
    )
    filename = models.CharField("fichier", max_length=200, blank=True)
    digest = models.CharField("empreinte", max_length=64)
    path = models.FileField("fichier déposé", upload_to="capacities/", blank=True)
    state = models.CharField("état", max_length=9, choices=State, default=State.READING)
    changes = models.JSONField("valeurs lues", default=list)
    report = models.JSONField("compte rendu", default=dict)
    message = models.TextField("message", blank=True)
    progress = models.PositiveIntegerField("avancement", default=0)
    seen_at = models.DateTimeField("dernier signe du traitement", null=True)
    created_at = models.DateTimeField("envoyé le", auto_now_add=True)
    applied_at = models.DateTimeField("enregistré le", null=True)

    class Meta:
        verbose_name = "fichier de capacités"
        verbose_name_plural = "fichiers de capacités"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "digest"],
                condition=Q(state="reading"),
                name="capacity_import_read_once",
                violation_error_message="Ce fichier est déjà en cours de lecture.",
            ),
            models.CheckConstraint(
                condition=Q(state="done", applied_at__isnull=False)
                | (~Q(state="done") & Q(applied_at__isnull=True)),
                name="capacity_import_done_when_applied",
            ),
        ]

    def __str__(self):
        return self.filename

    @property
    def is_under_way(self):
        return self.state in (self.State.READING, self.State.APPLYING)

    @property
    def is_stopped(self):
        """Whether the worker began and is gone; one that waits for its turn is not stopped."""
        return self.is_under_way and self.seen_at is not None and is_silent(self.seen_at)
