"""Each mailbox of an administration that somebody wrote or checked, with its day."""

from django.conf import settings
from django.db import models

from establishments.models import AdministrativeBody


class MailboxChange(models.Model):
    """Rows are added, never changed; the same address again says that it was checked."""

    body = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        related_name="mailbox_changes",
        verbose_name="structure",
    )
    mailbox = models.EmailField("boîte aux lettres", blank=True)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    class Meta:
        verbose_name = "boîte aux lettres enregistrée"
        verbose_name_plural = "boîtes aux lettres enregistrées"
        ordering = ["body", "-at", "-pk"]
        indexes = [models.Index(fields=["body", "-at"], name="mailbox_change_last")]

    def __str__(self):
        return f"{self.body}\u00a0: {self.mailbox}"
