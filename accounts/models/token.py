"""Keys that machines show instead of a person's login; only a digest is kept."""

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.entity import OfOneEntity, OfOneEntityQuerySet, exactly_one_entity


class ApiTokenQuerySet(OfOneEntityQuerySet):
    def in_force(self) -> Self:
        now = timezone.now()
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True
        )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["digest", "last_used_at", "region"],
)
class ApiToken(OfOneEntity):
    """A machine client of one entity, for the uses named by ``scopes``."""

    class Scope(models.TextChoices):
        ACCOUNT_EXISTS = "account.exists", "interroger l’existence d’un compte"
        PUI_TRANSMIT = "pui.transmit", "transmettre les stocks des pharmacies de l’entité"
        PUI_STOCKS = "pui.stocks", "lire les derniers stocks des pharmacies du périmètre"
        LOGISTICS_FILES = "logistics.files", "lire les fichiers de commandes de l’entrepôt"
        LOGISTICS_REPORTS = "logistics.reports", "envoyer les comptes rendus de l’entrepôt"
        PUI_SNAPSHOTS = "pui.snapshots", "télécharger les relevés quotidiens d’un territoire"

    label = models.CharField("libellé", max_length=120)
    digest = models.CharField("empreinte", max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name="usages")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="créé par",
    )
    created_at = models.DateTimeField("créé le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au", null=True, blank=True)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    last_used_at = models.DateTimeField("dernier usage le", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "jeton d’API"
        verbose_name_plural = "jetons d’API"
        ordering = ["-created_at", "-pk"]
        constraints = [
            exactly_one_entity(
                "api_token_has_exactly_one_entity", "Un jeton porte sur une entité et une seule."
            )
        ]

    def __str__(self):
        return self.label

    @property
    def uses(self) -> list[str]:
        """What it allows, in words."""
        return [one.label for one in self.Scope if one in self.scopes]
