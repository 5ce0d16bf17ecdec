"""A habilitation: a role in a domain, on a profile, in force between two dates."""

from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.decided import Decided


class Domain(models.TextChoices):
    """The applications a habilitation opens (*domaine*)."""

    ADMINISTRATION = "administration", "Administration"
    DISPOSTOCK = "dispostock", "e-Dispostock"
    EPI_STOCK = "epi_stock", "EPI-Stocks"
    DISTRILOG = "distrilog", "Distrilog-Santé"


class Role(models.TextChoices):
    """What one is in a domain (*rôle*)."""

    ADMINISTRATOR = "administrator", "Administrateur principal"
    DELEGATED_ADMINISTRATOR = "delegated_administrator", "Administrateur délégué"
    DECLARANT = "declarant", "Gestionnaire de fichiers"
    INVENTORY_OPERATOR = "inventory_operator", "Opérateur d’inventaire EPI"
    ORDER_OPERATOR = "order_operator", "Opérateur commande EPI"
    READER = "reader", "Lecteur"
    SUPERVISOR = "supervisor", "Superviseur"
    NATIONAL_CELL = "national_cell", "Cellule nationale"
    LOGISTICS = "logistics", "Logistique"
    SUPPLIER = "supplier", "Fournisseur"
    SUPPORT = "support", "Assistance"
    OPERATIONS = "operations", "Exploitation"
    AUDITOR = "auditor", "Auditeur"


class HabilitationQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Active and between its dates, today in Paris."""
        today = timezone.localdate()
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=today),
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            state=Habilitation.State.ACTIVE,
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Habilitation(Decided):
    """What a profile allows: a role in a domain, with *statuts* and *champs* where they count."""

    class State(models.TextChoices):
        PENDING = "pending", "en attente"
        ACTIVE = "active", "active"
        REFUSED = "refused", "refusée"
        REVOKED = "revoked", "retirée"

    profile = models.ForeignKey(
        "accounts.Profile",
        on_delete=models.PROTECT,
        related_name="habilitations",
        verbose_name="profil",
    )
    domain = models.CharField("domaine", max_length=20, choices=Domain)
    role = models.CharField("rôle", max_length=30, choices=Role)
    legal_kinds = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name="statuts"
    )
    fields_of_care = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name="champs"
    )
    state = models.CharField("état", max_length=12, choices=State, default=State.PENDING)
    starts_on = models.DateField("à partir du", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    requested_at = models.DateTimeField("demandée le", auto_now_add=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    request = models.ForeignKey(
        "accounts.AccessRequest",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="habilitations",
        verbose_name="demande",
    )
    is_automatic = models.BooleanField("accordée d’office", default=False)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        ordering = ["domain", "role"]
        indexes = [
            models.Index(  # who administers a region is read of all those of the country
                fields=["profile", "starts_on", "ends_on"],
                condition=Q(domain="administration", role="administrator", state="active"),
                name="habilitation_of_ape",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "domain", "role"],
                condition=Q(state__in=["pending", "active"]),
                name="habilitation_one_living_per_role",
                violation_error_message="Cette habilitation est déjà demandée ou accordée.",
            )
        ]

    def __str__(self):
        return f"{self.get_role_display()} ({self.get_domain_display()})"
