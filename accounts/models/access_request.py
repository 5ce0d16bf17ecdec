"""What somebody asks for on a profile, until one or two people have decided (`domain.md` §3)."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property  # which a prefetch fills unread

from accounts.models.decided import Decided
from accounts.models.entity import inside
from accounts.models.habilitation import Habilitation
from establishments.perimeter import Action, Holder


class Level(models.TextChoices):
    """Who decides: the administrators of the entity, those of the ARS, or two of the country."""

    ENTITY = "entity", "administrateurs de l’établissement"
    ARS = "ars", "administrateurs de l’ARS"
    NATIONAL = "national", "cellule nationale, à deux"

    @property
    def action(self) -> Action:
        """The line of the access matrix that lets one decide at this level."""
        return _ACTIONS[self]


_ACTIONS = {
    Level.ENTITY: Action.PROF_DECIDE_ETAB,
    Level.ARS: Action.PROF_DECIDE_APE,
    Level.NATIONAL: Action.PROF_DECIDE_REG,
}


class AccessRequestQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def for_user(self, user: Holder, to: Action) -> Self:
        """The requests on the profiles where ``user`` may do ``to``."""
        return self.filter(inside(user.perimeter_to(to), "profile"))

    def to_decide(self, user) -> Self:
        """Those that wait for ``user``: never their own, nor a second time the same person's."""
        return self.open().filter(may_be_decided_by(user))


def may_be_decided_by(user) -> Q:
    """Select the requests, among those that are open, that ``user`` may decide."""
    reached = Q(pk__in=[])
    for level in Level:
        if perimeter := user.perimeter_to(level.action):
            reached |= Q(inside(perimeter, "profile"), level=level)
    return reached & ~Q(profile__user=user) & ~Q(asked_by=user) & ~Q(first_by=user)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class AccessRequest(Decided):
    """A profile, or more habilitations on one; those asked for point here while they wait."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "acceptée"
        REFUSED = "refused", "refusée"
        CANCELLED = "cancelled", "annulée"

    profile = models.ForeignKey(
        "accounts.Profile",
        on_delete=models.PROTECT,
        related_name="requests",
        verbose_name="profil",
    )
    level = models.CharField("qui décide", max_length=10, choices=Level)
    note = models.TextField("message", blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="requests_made",
        verbose_name="demandée par",
    )
    asked_at = models.DateTimeField("demandée le", default=timezone.now)
    replaces = models.ForeignKey(
        "accounts.Profile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="remplace le profil",
    )
    reminded_at = models.DateTimeField("relancée le", null=True, blank=True)
    reminders = models.PositiveSmallIntegerField("relances envoyées", default=0)
    escalated_at = models.DateTimeField("remontée à l’ARS le", null=True, blank=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="premier accord de",
    )
    first_at = models.DateTimeField("premier accord le", null=True, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    outcome = models.CharField("issue", max_length=10, choices=Outcome, blank=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile"],
                condition=Q(closed_at__isnull=True),
                name="access_request_one_open_per_profile",
                violation_error_message="Une demande attend déjà sur ce profil.",
            ),
            models.CheckConstraint(
                name="access_request_closed_with_an_outcome",
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False, outcome__in=["accepted", "refused", "cancelled"]),
                violation_error_message="Une demande close dit comment elle s’est terminée.",
            ),
            models.CheckConstraint(
                name="access_request_two_different_people",
                condition=Q(decided_by__isnull=True)
                | Q(first_by__isnull=True)
                | ~Q(decided_by=models.F("first_by")),
                violation_error_message="Deux personnes différentes décident.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(closed_at__isnull=True),
                name="access_request_open_since",
            ),
            models.Index(fields=["-closed_at"], name="access_request_closed"),
        ]

    def __str__(self):
        return f"{self.profile.user}, {self.profile}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @cached_property
    def rights(self) -> list[Habilitation]:
        """The habilitations asked for, for who only reads; ``read_requests`` brings them."""
        return list(self.habilitations.all())
