"""A pharmacy asks its agency for help on a medicine (*demande d’aide*), and is answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Profile
from common.history import tracked
from pui.models.register import Pui
from pui.models.subject import AboutMedicine, about_something
from pui.models.transmission import PuiRowsQuerySet


@tracked(exclude=["told_at"])
class HelpRequest(AboutMedicine):
    """How much is missing, why and how soon; ``stock`` and ``daily`` as declared that day.

    ``declared_on`` is the due day of these figures; none when the product was never declared.
    """

    class Urgency(models.TextChoices):
        TODAY = "today", "Aujourd’hui\u00a0: des soins sont compromis"
        DAYS = "days", "Sous trois jours"
        WEEK = "week", "Dans la semaine"

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        TAKEN = "taken", "prise en charge"
        MUTUAL_AID = "mutual_aid", "dépannage cherché"
        SETTLED = "settled", "réglée"
        REFUSED = "refused", "refusée"
        WITHDRAWN = "withdrawn", "retirée"

    OPEN = (State.WAITING, State.TAKEN, State.MUTUAL_AID)

    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="help_requests", verbose_name="PUI"
    )
    quantity = models.PositiveIntegerField("quantité demandée")
    reason = models.TextField("motif")
    urgency = models.CharField("urgence", max_length=5, choices=Urgency)
    stock = models.DecimalField("stock déclaré", max_digits=14, decimal_places=2, null=True)
    daily = models.DecimalField("consommation", max_digits=14, decimal_places=2, null=True)
    declared_on = models.DateField("échéance de ces chiffres", null=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    told_at = models.DateTimeField("l’ARS en a été prévenue le", null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="demandée par",
    )
    profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="sous le profil",
    )
    answer = models.TextField("réponse", blank=True)
    answered_at = models.DateTimeField("répondue le", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="répondue par",
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’aide"
        verbose_name_plural = "demandes d’aide"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "-asked_at"], name="help_request_by_state")]
        constraints = [
            about_something("help_request_about_something"),
            models.CheckConstraint(
                name="help_request_of_something",
                condition=Q(quantity__gte=1),
                violation_error_message="Demandez une unité au moins.",
            ),
            models.CheckConstraint(
                name="help_request_answered_in_words",
                condition=Q(state__in=["waiting", "withdrawn"])
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                violation_error_message="Écrivez la réponse.",
            ),
            models.UniqueConstraint(
                fields=["pui", "product", "reference"],
                condition=Q(state__in=["waiting", "taken", "mutual_aid"]),
                nulls_distinct=False,
                name="help_request_one_open",
                violation_error_message="Cette PUI a déjà une demande en cours pour ce produit.",
            ),
        ]

    def __str__(self):
        return f"{self.label} – {self.pui}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
