"""What was told to the public, as it was told."""

from django.db import models


class Release(models.Model):
    """A period of a dataset given to everybody: once, and kept as it was.

    Told twice, the difference of the two would tell what somebody added in between. ``rows`` are
    the lines of the file, masked already, in the order of its columns.
    """

    dataset = models.SlugField("jeu de données", max_length=40)
    period = models.DateField("période du")
    published_at = models.DateTimeField("publiée le")
    rows = models.JSONField("lignes")

    class Meta:
        verbose_name = "publication ouverte"
        verbose_name_plural = "publications ouvertes"
        ordering = ["dataset", "-period"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "period"],
                name="release_once",
                violation_error_message="Cette période est déjà publiée.",
            ),
        ]

    def __str__(self):
        return f"{self.dataset} – {self.period:%d/%m/%Y}"
