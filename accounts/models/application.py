"""Applications that log people in here (PASREL), and each time somebody entered one of them."""

import uuid
from typing import Self

import pghistory
from allauth.idp.oidc.models import Client, Token
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from accounts.models.profile import Profile


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OidcApplication(models.Model):
    """Who may enter a registered application: nobody, until an action or a role is named.

    ``actions`` are ids of the access matrix (« epi.read »; « acc.self » is every account) and
    ``roles`` its codes (« GF »): holding one of them through the profile in use is enough.
    """

    client = models.OneToOneField(
        Client, on_delete=models.PROTECT, related_name="application", verbose_name="client"
    )
    actions = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, verbose_name="actions admises"
    )
    roles = ArrayField(
        models.CharField(max_length=3), default=list, blank=True, verbose_name="rôles admis"
    )
    logout_uri = models.URLField("adresse prévenue des déconnexions", blank=True)
    created_at = models.DateTimeField("enregistrée le", default=timezone.now)
    revoked_at = models.DateTimeField("fermée le", null=True, blank=True)

    class Meta:
        verbose_name = "application"
        ordering = ["client__name"]

    def __str__(self):
        return self.client.name


class SignOnQuerySet(models.QuerySet):
    def living(self) -> Self:
        return self.filter(ended_at__isnull=True)


class SignOn(models.Model):
    """Somebody entered an application, from one session, under one profile.

    Its tokens live no longer than the session, the account, the profile and the right to enter.
    ``spent_tokens`` are the digests of the refresh tokens already exchanged: one that comes back
    was stolen, from us or from them, and ends the whole.
    """

    application = models.ForeignKey(
        OidcApplication,
        on_delete=models.PROTECT,
        related_name="sign_ons",
        verbose_name="application",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="sign_ons",
        verbose_name="compte",
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.PROTECT, null=True, blank=True, verbose_name="profil"
    )
    session = models.ForeignKey(
        UserSession, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="session"
    )
    public_id = models.UUIDField("identifiant public", default=uuid.uuid4, unique=True)
    code_digest = models.CharField("empreinte du code", max_length=64, unique=True)
    spent_tokens = ArrayField(
        models.CharField(max_length=64), default=list, blank=True, verbose_name="jetons échangés"
    )
    authenticated_at = models.DateTimeField("identité prouvée le")
    methods = ArrayField(models.CharField(max_length=20), default=list, verbose_name="moyens")
    started_at = models.DateTimeField("commencée le", default=timezone.now)
    redeemed_at = models.DateTimeField("code échangé le", null=True, blank=True)
    ended_at = models.DateTimeField("finie le", null=True, blank=True)

    objects = SignOnQuerySet.as_manager()

    class Meta:
        verbose_name = "connexion à une application"
        verbose_name_plural = "connexions à des applications"
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(
                fields=["session"],
                condition=models.Q(ended_at__isnull=True),
                name="sign_on_living",
            ),
            GinIndex(fields=["spent_tokens"], name="sign_on_spent"),
        ]

    def __str__(self):
        return f"{self.user}, {self.application}"

    @property
    def tokens(self) -> models.QuerySet[Token]:
        return Token.objects.filter(user=self.user_id, data__sign_on=self.pk)
