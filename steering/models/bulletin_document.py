"""The PDF of a bulletin: drawn once for all who read the same parts of it."""

from django.db import models

from steering.models.bulletin import Bulletin


class BulletinDocument(models.Model):
    """``reading`` names the rights that open its parts. It can be drawn again at any time: nothing
    is lost when it is forgotten."""

    bulletin = models.ForeignKey(
        Bulletin, on_delete=models.PROTECT, related_name="documents", verbose_name="bulletin"
    )
    reading = models.CharField("droits de lecture", max_length=200)
    content = models.BinaryField("PDF")
    made_at = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "PDF d’un bulletin"
        verbose_name_plural = "PDF des bulletins"
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "reading"], name="bulletin_document_one_a_reading"
            )
        ]

    def __str__(self):
        return f"{self.bulletin} – {self.reading}"
