"""The conversation of a request, its notes, its steps, and the screenshots sent with it."""

import uuid

from django.conf import settings
from django.db import models

from support.models.question import Question
from support.models.ticket import Ticket, TicketQuerySet


class TicketMessageQuerySet(TicketQuerySet):
    ticket_path = "ticket"

    def public(self):
        """All but what those who answer write to one another."""
        return self.exclude(kind=TicketMessage.Kind.NOTE)


class TicketMessage(models.Model):
    """Of who asked, of the service, a note of the service for itself, or what happened."""

    class Kind(models.TextChoices):
        QUESTION = "question", "message"
        ANSWER = "answer", "réponse"
        NOTE = "note", "note interne"
        STEP = "step", "étape"

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="messages", verbose_name="demande"
    )
    token = models.UUIDField("jeton", default=uuid.uuid4)
    kind = models.CharField("nature", max_length=8, choices=Kind)
    text = models.TextField("texte", max_length=5000)
    question = models.ForeignKey(
        Question,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réponse de l’aide jointe",
    )
    author = models.CharField("de la part de", max_length=150)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )
    at = models.DateTimeField("le")

    objects = TicketMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message d’une demande"
        verbose_name_plural = "messages des demandes"
        ordering = ["ticket", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "token"], name="ticket_message_once")
        ]

    def __str__(self):
        return self.text[:80]


class ScreenshotQuerySet(TicketQuerySet):
    ticket_path = "message__ticket"

    def told(self):
        """Without the image itself, which only its own page reads."""
        return self.defer("content")


class Screenshot(models.Model):
    """An image drawn again by us (decision 0062), kept with the message that it goes with."""

    message = models.ForeignKey(
        TicketMessage,
        on_delete=models.CASCADE,
        related_name="screenshots",
        verbose_name="message",
    )
    content = models.BinaryField("image")
    width = models.PositiveSmallIntegerField("largeur")
    height = models.PositiveSmallIntegerField("hauteur")

    objects = ScreenshotQuerySet.as_manager()

    class Meta:
        verbose_name = "capture d’écran"
        verbose_name_plural = "captures d’écran"
        ordering = ["message", "pk"]

    def __str__(self):
        return f"capture {self.pk}"
