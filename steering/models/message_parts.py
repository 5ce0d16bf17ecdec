"""What goes with a message: its files, who read it, the mails that told of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Profile
from steering.models.message import Message


class MessageFileQuerySet(models.QuerySet):
    def told(self):
        """Without the content, which only its own address reads."""
        return self.defer("content")


class MessageFile(models.Model):
    """A file joined to a message: checked or drawn again by us, kept with it (decision 0075)."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "classeur"
        DOCX = "docx", "document"
        JPEG = "jpg", "image"

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="files", verbose_name="message"
    )
    name = models.CharField("nom", max_length=120)
    kind = models.CharField("nature", max_length=4, choices=Kind)
    content = models.BinaryField("contenu")
    size = models.PositiveIntegerField("octets")
    digest = models.CharField("empreinte", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    at = models.DateTimeField("le", auto_now_add=True)

    objects = MessageFileQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["message", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "digest"],
                name="message_file_once",
                violation_error_message="Ce fichier est déjà joint.",
            )
        ]

    def __str__(self):
        return self.name


class Reading(models.Model):
    """One person opened a message under one profile, then said they take it into account."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="readings", verbose_name="message"
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.PROTECT, related_name="readings", verbose_name="profil"
    )
    read_at = models.DateTimeField("lu le", auto_now_add=True)
    acknowledged_at = models.DateTimeField("pris en compte le", null=True)

    class Meta:
        verbose_name = "lecture"
        ordering = ["message", "profile"]
        constraints = [
            models.UniqueConstraint(fields=["message", "profile"], name="reading_once"),
            models.CheckConstraint(
                name="reading_comes_first",
                condition=Q(acknowledged_at__isnull=True)
                | Q(acknowledged_at__gte=models.F("read_at")),
            ),
        ]

    def __str__(self):
        return f"{self.message} {self.read_at:%d/%m/%Y %H:%M}"


class Mailing(models.Model):
    """A mail to one person about a message: that of its sending, or a reminder, one a day at most.

    ``tries`` counts the times the mail server did not take it: ``next_at`` is then the next one,
    and past a few it is left.
    """

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="mailings", verbose_name="message"
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.PROTECT, related_name="+", verbose_name="profil"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="compte"
    )
    day = models.DateField("jour")
    is_reminder = models.BooleanField("relance", default=False)
    tries = models.PositiveSmallIntegerField("essais manqués", default=0)
    next_at = models.DateTimeField("à envoyer à partir du", default=timezone.now)
    sent_at = models.DateTimeField("envoyé le", null=True)

    class Meta:
        verbose_name = "courriel d’un message"
        verbose_name_plural = "courriels des messages"
        ordering = ["message", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "user", "day"], name="mailing_once_a_day")
        ]
        indexes = [
            models.Index(
                fields=["message", "id"],
                condition=Q(sent_at__isnull=True),
                name="mailing_waiting",
            )
        ]

    def __str__(self):
        return f"{self.message} {self.day:%d/%m/%Y}"
