"""Which jobs have sent their mail: a job given back to the queue does not send it again."""

from django.db import models


class SentMail(models.Model):
    """Written in the transaction that hands the mail over; two workers on one job wait in line."""

    job = models.BigIntegerField("travail", primary_key=True)
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "courriel envoyé"
        verbose_name_plural = "courriels envoyés"

    def __str__(self):
        return f"{self.job}, {self.sent_at:%d/%m/%Y %H:%M}"
