"""A request for assistance: who asks, who answers, where it stands."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone

from accounts.models import Profile, User
from establishments.models import AdministrativeBody, Region
from establishments.perimeter import Perimeter, PerimeterQuerySet
from support.models.subject import Priority, Service, Subject


class TicketQuerySet(PerimeterQuerySet):
    """Those routed to one's agency or one's body; the support reads them all."""

    ticket_path = ""

    def within(self, perimeter: Perimeter) -> Self:
        if perimeter.is_national:
            return self.all()
        body = f"{self.ticket_path}__body" if self.ticket_path else "body"
        agency = Q(**{f"{body}__kind": AdministrativeBody.Kind.ARS})
        return self.filter(
            agency & Q(**{f"{body}__region__in": perimeter.region_codes})
            | Q(**{f"{body}__in": perimeter.operator_ids})
        )

    def own(self, user: User) -> Self:
        """Opened by this person, whatever the profile in use."""
        return self.filter(opened_by=user.pk, purged_at=None)

    def kept(self) -> Self:
        return self.filter(purged_at=None)

    def to_handle(self) -> Self:
        """Those that wait for the service."""
        return self.kept().filter(state__in=Ticket.TO_HANDLE)

    def oldest_first(self) -> Self:
        """What waits for the service, the most pressing first, then by age; then the rest."""
        rank = Case(When(state__in=Ticket.TO_HANDLE, then=F("priority")), default=0)
        return self.alias(pressing=rank).order_by("-pressing", "opened_at", "pk")


def said(body: AdministrativeBody | None) -> str:
    """Who answers, at the beginning of a sentence; nobody else: the support."""
    if body is None:
        return "L’assistance"
    return f"L’{body}" if body.kind == AdministrativeBody.Kind.ARS else str(body)


class Ticket(models.Model):
    """One request, by somebody logged in (``opened_by``) or by a visitor (``email``).

    ``body`` is the administration that answers; none: the support. ``desk`` is an address outside
    the platform that was written to as well. ``token`` is that of the form: sent twice, one ticket.
    What tells who asked is erased ``SUPPORT_KEPT_MONTHS`` after the end (``purged_at``).
    """

    class State(models.TextChoices):
        OPEN = "open", "ouverte"
        HANDLED = "handled", "en cours"
        WAITING = "waiting", "en attente de réponse"
        RESOLVED = "resolved", "résolue"
        CLOSED = "closed", "close"

    class Rating(models.IntegerChoices):
        YES = 3, "Oui"
        PARTLY = 2, "En partie"
        NO = 1, "Non"

    TO_HANDLE = (State.OPEN, State.HANDLED)
    STANDING = (State.OPEN, State.HANDLED, State.WAITING)

    token = models.UUIDField("jeton", default=uuid.uuid4, unique=True)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="tickets", verbose_name="sujet"
    )
    title = models.CharField("objet", max_length=150, blank=True)
    service = models.CharField("adressée à", max_length=8, choices=Service)
    body = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="structure",
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
    )
    state = models.CharField("état", max_length=8, choices=State, default=State.OPEN)
    priority = models.PositiveSmallIntegerField("priorité", choices=Priority)
    is_blocking = models.BooleanField("empêche de travailler", default=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name="ouverte par",
    )
    profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="profil",
    )
    name = models.CharField("nom", max_length=150, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    place = models.CharField("établissement", max_length=200, blank=True)
    finess = models.CharField("numéro FINESS", max_length=9, blank=True)
    role = models.CharField("habilitations", max_length=300, blank=True)
    identifier = models.CharField("identifiant essayé", max_length=150, blank=True)
    page = models.CharField("page", max_length=200, blank=True)
    incident = models.CharField("numéro d’incident", max_length=12, blank=True)
    answers = models.JSONField("précisions demandées par le sujet", default=dict, blank=True)
    desk = models.EmailField("aussi envoyée à", blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suivie par",
    )
    assigned_at = models.DateTimeField("prise le", null=True, blank=True)
    opened_at = models.DateTimeField("ouverte le")
    due_at = models.DateTimeField("réponse visée le")
    told_at = models.DateTimeField("dernier message le")
    answered_at = models.DateTimeField("première réponse le", null=True, blank=True)
    resolved_at = models.DateTimeField("résolue le", null=True, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name="suite donnée dans",
    )
    rating = models.PositiveSmallIntegerField(
        "la réponse a aidé", choices=Rating, null=True, blank=True
    )
    purged_at = models.DateTimeField("anonymisée le", null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’assistance"
        verbose_name_plural = "demandes d’assistance"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="ticket_has_its_service",
                condition=Q(service="support", body=None) | ~Q(service="support") & ~Q(body=None),
            ),
            models.CheckConstraint(
                name="ticket_is_of_somebody",
                condition=Q(opened_by__isnull=False) | ~Q(email="") | Q(purged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_closed_says_when",
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="ticket_resolved_says_when",
                condition=Q(state="resolved", resolved_at__isnull=False) | ~Q(state="resolved"),
            ),
            models.CheckConstraint(
                name="ticket_merged_is_closed", condition=Q(merged_into=None) | Q(state="closed")
            ),
            models.CheckConstraint(
                name="ticket_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="ticket_purged_is_closed", condition=Q(purged_at=None) | Q(state="closed")
            ),
            models.CheckConstraint(
                name="ticket_purged_holds_nobody",
                condition=Q(purged_at=None)
                | Q(
                    opened_by=None,
                    profile=None,
                    name="",
                    email="",
                    phone="",
                    identifier="",
                    title="",
                    place="",
                    page="",
                    desk="",
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "opened_at"], name="ticket_to_handle"),
            models.Index(fields=["body", "state"], name="ticket_of_body"),
            models.Index(fields=["opened_by", "-told_at"], name="ticket_of_person"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        """What the person quotes on the phone: a year and the number of the row."""
        return f"AS-{timezone.localtime(self.opened_at):%Y}-{self.pk:06d}"

    @property
    def service_name(self) -> str:
        """« ARS Bretagne », « Santé publique France », « Assistance »."""
        return str(self.body) if self.body else str(self.get_service_display())

    @property
    def service_said(self) -> str:
        """The same at the beginning of a sentence."""
        return said(self.body)

    @property
    def is_over(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def asker(self) -> str:
        """The name of who asked, as told."""
        return self.name or (str(self.opened_by) if self.opened_by else "")
