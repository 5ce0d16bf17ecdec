"""A FINESS file handed over on screen: previewed, then applied in the background."""

from django.conf import settings
from django.db import models


class FinessImport(models.Model):
    """One file and what became of it; ``report`` holds the counts and the refused lines."""

    class State(models.TextChoices):
        READING = "reading", "lecture en cours"
        READY = "ready", "à confirmer"
        APPLYING = "applying", "écriture en cours"
        DONE = "done", "terminé"
        REFUSED = "refused", "refusé"
        CANCELLED = "cancelled", "abandonné"

    path = models.FileField("fichier", upload_to="finess/")
    name = models.CharField("nom du fichier", max_length=200)
    state = models.CharField("état", max_length=12, choices=State, default=State.READING)
    progress = models.PositiveIntegerField("lignes lues", default=0)
    report = models.JSONField("compte rendu", default=dict)
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

    def __str__(self):
        return self.name
