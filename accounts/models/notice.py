"""When an administrator was last told of the requests that wait for them."""

from django.conf import settings
from django.db import models


class RequestNotice(models.Model):
    """One row a person: later requests wait for the next mail, so that many come in one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name="compte",
    )
    sent_at = models.DateTimeField("prévenu le")

    class Meta:
        verbose_name = "avis de demandes"
        verbose_name_plural = "avis de demandes"

    def __str__(self):
        return f"{self.user} {self.sent_at:%d/%m/%Y %H:%M}"
