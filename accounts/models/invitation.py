"""An invitation by e-mail: its link proves the address and opens what was prepared."""

from datetime import timedelta
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.access_request import Level
from accounts.models.entity import ENTITIES, OfOneEntity, OfOneEntityQuerySet, exactly_one_entity

LIFETIME = timedelta(hours=72)


class InvitationQuerySet(OfOneEntityQuerySet):
    def living(self) -> Self:
        """Neither accepted nor cancelled, whether or not the link has expired."""
        return self.filter(accepted_at__isnull=True, cancelled_at__isnull=True)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["nonce", "region"],
)
class Invitation(OfOneEntity):
    """Who is invited, where, with which habilitations; ``nonce`` makes the former links useless.

    ``rights`` is a list of ``{"domain", "role", "starts_on", "ends_on"}``, dates as ISO texts or
    null. One of national level leaves after a second person has confirmed it.
    """

    class State(models.TextChoices):
        TO_CONFIRM = "to_confirm", "à confirmer par une autre personne"
        SENT = "sent", "envoyée"
        EXPIRED = "expired", "expirée"
        ACCEPTED = "accepted", "acceptée"
        CANCELLED = "cancelled", "annulée"

    email = models.EmailField("adresse électronique")
    first_name = models.CharField("prénom", max_length=150, blank=True)
    last_name = models.CharField("nom", max_length=150, blank=True)
    level = models.CharField("qui décide", max_length=10, choices=Level)
    rights = models.JSONField("habilitations", default=list)
    note = models.TextField("message", blank=True)
    nonce = models.CharField("sel du lien", max_length=43)
    batch = models.UUIDField("envoi groupé", null=True, blank=True, db_index=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="invitations_made",
        verbose_name="invitée par",
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="confirmée par",
    )
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    expires_at = models.DateTimeField("valable jusqu’au", null=True, blank=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="acceptée par",
    )
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["region", "-created_at"], name="invitation_of_region")]
        constraints = [
            exactly_one_entity(
                "invitation_has_exactly_one_entity",
                "Une invitation porte sur une entité et une seule.",
            ),
            models.CheckConstraint(
                name="invitation_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("invited_by")),
                violation_error_message="Une autre personne confirme l’invitation.",
            ),
            *(
                models.UniqueConstraint(
                    models.functions.Lower("email"),
                    entity,
                    condition=Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                    name=f"invitation_one_living_per_{entity}",
                    violation_error_message="Cette personne est déjà invitée ici.",
                )
                for entity in ENTITIES
            ),
        ]

    def __str__(self):
        return f"{self.email}, {self.entity}"

    @property
    def state(self) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.cancelled_at:
            return self.State.CANCELLED
        if self.sent_at is None:
            return self.State.TO_CONFIRM
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.SENT
