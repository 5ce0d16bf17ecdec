"""A FINESS file handed over on screen: previewed, then applied in the background."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from common.background import is_silent


class FinessImport(models.Model):
    """One file and what became of it; ``report`` holds the counts."""

    class State(models.TextChoices):
        READING = "reading", "lecture en cours"
        READY = "ready", "à confirmer"
        APPLYING = "applying", "écriture en cours"
        DONE = "done", "terminé"
        REFUSED = "refused", "refusé"
        CANCELLED = "cancelled", "abandonné"

    PENDING = (State.READING, State.READY, State.APPLYING)

    path = models.FileField("fichier", upload_to="finess/")
    name = models.CharField("nom du fichier", max_length=200)
    state = models.CharField("état", max_length=12, choices=State, default=State.READING)
    progress = models.PositiveIntegerField("lignes lues", default=0)
    report = models.JSONField("compte rendu", default=dict)
    allows_closures = models.BooleanField("fermetures autorisées", default=False)
    digest = models.CharField("empreinte SHA-256", max_length=64, default="", db_index=True)
    seen_at = models.DateTimeField("dernier signe du traitement", default=timezone.now)
    message = models.TextField("message", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name="déposé par"
    )
    created_at = models.DateTimeField("déposé le", auto_now_add=True)
    finished_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        verbose_name = "import FINESS"
        verbose_name_plural = "imports FINESS"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(state__in=["reading", "ready", "applying"]),
                name="finess_import_pending_once",
                violation_error_message="Ce fichier est déjà en cours d’import.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_under_way(self):
        return self.state in (self.State.READING, self.State.APPLYING)

    @property
    def is_stopped(self):
        """Whether the worker that treated it is gone: it may then be started again."""
        return self.is_under_way and is_silent(self.seen_at)


class FinessRemark(models.Model):
    """A line of the file that was refused, or taken with a reservation, and why."""

    finess_import = models.ForeignKey(
        FinessImport, on_delete=models.CASCADE, related_name="remarks", verbose_name="import"
    )
    file = models.CharField("fichier", max_length=200)
    line = models.PositiveIntegerField("ligne")
    finess = models.CharField("numéro FINESS", max_length=20, blank=True)
    is_refusal = models.BooleanField("refusée")
    reason = models.TextField("motif")

    class Meta:
        verbose_name = "remarque d’import"
        verbose_name_plural = "remarques d’import"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.finess} : {self.reason}"
