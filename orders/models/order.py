"""An order from the State stock, and who reaches it."""

import uuid
from dataclasses import replace
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Profile
from common.history import tracked
from establishments.models import AdministrativeBody, Region
from establishments.perimeter import Action, Holder, Perimeter, PerimeterQuerySet
from orders.models.address import DeliveryAddress
from orders.models.beneficiary import Beneficiary, Platform, beneficiary_q


def holder_q(held: Perimeter, path: str = "") -> Q:
    """Orders of one's own: an agency reaches its pool alone, whatever the region it reads."""
    prefix = f"{path}__" if path else ""
    own = beneficiary_q(replace(held, region_codes=frozenset()), f"{prefix}beneficiary")
    return (
        own
        | Q(**{f"{prefix}agency__region__in": held.region_codes})
        | Q(**{f"{prefix}agency__in": held.operator_ids})
    )


class OrderQuerySet(PerimeterQuerySet):
    """Of one's beneficiary, of one's agency, of a region, or routed to one's warehouse."""

    order_path = ""

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        prefix = f"{self.order_path}__" if self.order_path else ""
        return self.filter(
            beneficiary_q(perimeter, f"{prefix}beneficiary")
            | Q(**{f"{prefix}region__in": perimeter.region_codes})
            | Q(**{f"{prefix}agency__in": perimeter.operator_ids})
            | Q(**{f"{prefix}operator__in": perimeter.operator_ids})
            & Q(**{f"{prefix}exported_at__isnull": False})
        )

    def for_list(self) -> Self:
        return self.select_related(
            "beneficiary__establishment", "beneficiary__legal_entity", "agency", "region"
        ).prefetch_related("lines__product")

    def sent(self):
        """All but drafts, which only their author sees, on their own page."""
        return self.exclude(state=Order.State.DRAFT)

    def held_by(self, user, *, to: Action):
        """Those of one's beneficiary, or of the pool of one's agency: never a region's others."""
        return self.filter(holder_q(user.perimeter_to(to), self.order_path))

    def to_write(self, user: Holder) -> Self:
        """Those that this person may change: their beneficiary's, or their agency's pool."""
        return self.held_by(user, to=Action.ORD_WRITE)


@tracked()
class Order(models.Model):
    """What a beneficiary (or an ARS for its pool) asks, from the draft to the delivery.

    ``token`` is that of the form or the API call: sent twice, one order. ``region`` is where it
    goes. ``operator`` is the warehouse that serves it (SPF, La Poste, the consortium), told when
    it is sent; it may be changed until ``editable_until``, and never once its file is written
    (``exported_at``). ``delivery`` is the address as it was when sent. ``received_at``: all that
    was to come is accounted for, received or told missing.
    """

    class Kind(models.TextChoices):
        QUOTA = "quota", "sur contingent"
        POOL = "pool", "pot commun régional"
        PAID = "paid", "produits du consortium"
        PUSHED = "pushed", "dotation poussée"

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        SUBMITTED = "submitted", "transmise"
        CONFIRMED = "confirmed", "confirmée"
        PREPARING = "preparing", "en préparation"
        PARTLY_SHIPPED = "partly_shipped", "expédiée partiellement"
        SHIPPED = "shipped", "expédiée"
        DELIVERED = "delivered", "livrée"
        CANCELLED = "cancelled", "annulée"
        REFUSED = "refused", "refusée"

    class StopAnswer(models.TextChoices):
        STOPPED = "stopped", "arrêtée"
        TOO_LATE = "too_late", "trop tard"

    ENDED = ("delivered", "cancelled", "refused")
    UNDER_WAY = ("submitted", "confirmed", "preparing", "partly_shipped", "shipped")

    number = models.CharField("numéro", max_length=20, blank=True)
    token = models.UUIDField("jeton", default=uuid.uuid4)
    kind = models.CharField("nature", max_length=6, choices=Kind, default=Kind.QUOTA)
    state = models.CharField("état", max_length=14, choices=State, default=State.DRAFT)
    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name="bénéficiaire",
    )
    agency = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ARS",
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="région"
    )
    operator = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="servie par",
    )
    platform = models.ForeignKey(
        Platform,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="plateforme",
    )
    week = models.DateField("semaine du contingent", null=True)
    address = models.ForeignKey(
        DeliveryAddress,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="adresse de livraison",
    )
    delivery = models.JSONField("adresse telle que transmise", default=dict)
    contact_name = models.CharField("personne à joindre", max_length=100, blank=True)
    contact_phone = models.CharField("téléphone", max_length=20, blank=True)
    comment = models.CharField("commentaire", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="sous le profil",
    )
    created_at = models.DateTimeField("commencée le", auto_now_add=True)
    saved_at = models.DateTimeField("enregistrée le", auto_now=True)
    submitted_at = models.DateTimeField("transmise le", null=True)
    editable_until = models.DateTimeField("modifiable jusqu’à", null=True)
    exported_at = models.DateTimeField("partie en préparation le", null=True)
    expected_on = models.DateField("livraison prévue le", null=True)
    delivery_reference = models.CharField("référence de livraison", max_length=24, blank=True)
    stop_asked_at = models.DateTimeField("arrêt demandé le", null=True)
    stop_answer = models.CharField(
        "réponse à l’arrêt", max_length=8, choices=StopAnswer, blank=True
    )
    stop_answered_at = models.DateTimeField("réponse à l’arrêt le", null=True)
    reason = models.CharField("motif", max_length=300, blank=True)
    received_at = models.DateTimeField("réceptionnée le", null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "commande"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="order_of_one",
                condition=Q(beneficiary__isnull=True) ^ Q(agency__isnull=True),
            ),
            models.CheckConstraint(
                name="order_sent_is_numbered",
                condition=Q(state="draft")
                | Q(submitted_at__isnull=False, operator__isnull=False) & ~Q(number=""),
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="order_number_once"
            ),
            models.UniqueConstraint(fields=["beneficiary", "token"], name="order_one_per_token"),
            models.UniqueConstraint(fields=["agency", "token"], name="order_one_per_agency_token"),
            models.UniqueConstraint(
                fields=["created_by", "beneficiary", "kind"],
                condition=Q(state="draft"),
                name="order_one_draft_each",
            ),
            models.UniqueConstraint(
                fields=["created_by", "agency", "kind"],
                condition=Q(state="draft"),
                name="order_one_agency_draft_each",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "state", "exported_at"], name="order_to_send"),
            models.Index(fields=["region", "-submitted_at"], name="order_of_region"),
            models.Index(fields=["beneficiary", "-submitted_at"], name="order_of_beneficiary"),
            models.Index(fields=["-submitted_at", "-id"], name="order_recent"),
        ]

    def __str__(self):
        return self.number or "brouillon"

    @property
    def holder(self) -> Beneficiary | AdministrativeBody:
        """Whom the order is for: the beneficiary, or the ARS for its pool."""
        return self.beneficiary or self.agency


class OrderRowQuerySet(OrderQuerySet):
    """Of the orders that one reaches."""

    order_path = "order"
