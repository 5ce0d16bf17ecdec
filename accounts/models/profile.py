"""A profile ties a person to exactly one entity (`domain.md` §3)."""

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q

from accounts.models.decided import Decided
from accounts.models.entity import ENTITIES, OfOneEntity, OfOneEntityQuerySet, exactly_one_entity
from accounts.models.habilitation import Habilitation

if TYPE_CHECKING:
    from accounts.models.access_request import AccessRequest

PERSON_AND_ENTITY = ("user", *ENTITIES)
OF_PROFILE = tuple(f"profile__{name}" for name in PERSON_AND_ENTITY)  # read from a row of a profile


class ProfileQuerySet(OfOneEntityQuerySet):
    def usable(self) -> Self:
        return self.filter(state=Profile.State.ACTIVE)

    def with_person(self) -> Self:
        """Bring whose profile it is, and what it is on."""
        return self.select_related(*PERSON_AND_ENTITY)

    def with_rights(self) -> Self:
        """Bring the entity and the habilitations in force, whatever the number of profiles."""
        rights = Habilitation.objects.in_force()
        return self.with_entity().prefetch_related(
            Prefetch("habilitations", queryset=rights, to_attr="rights")
        )

    def for_list(self) -> Self:
        """What the pages of one's profiles show: whatever the state, every habilitation."""
        regions = ("establishment__region", "legal_entity__region", "body")
        return self.with_rights().select_related(*regions).prefetch_related("habilitations")


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["region"]
)
class Profile(OfOneEntity, Decided):
    """One person in one entity: an establishment, a legal entity or an administrative body."""

    class State(models.TextChoices):
        PENDING = "pending", "en attente"
        ACTIVE = "active", "actif"
        SUSPENDED = "suspended", "inactif (suspendu)"
        REFUSED = "refused", "refusé"
        ENDED = "ended", "terminé"

    LIVING = (State.PENDING, State.ACTIVE, State.SUSPENDED)  # one a person and entity

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="profiles",
        verbose_name="compte",
    )
    state = models.CharField("état", max_length=12, choices=State, default=State.PENDING)
    email = models.EmailField("adresse dédiée", blank=True)
    email_verified_at = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    address = models.CharField("adresse postale", max_length=250, blank=True)
    requested_at = models.DateTimeField("demandé le", auto_now_add=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    rights: list[Habilitation]  # in force: brought by ``with_rights``
    waiting: list["AccessRequest"]  # open requests, where a page brings them

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "profil"
        ordering = ["pk"]
        indexes = [
            models.Index(  # those of a region are counted and joined without reading the rows
                fields=["region", "state"],
                include=["id", "user", *ENTITIES],
                name="profile_of_region",
            )
        ]
        constraints = [
            exactly_one_entity(
                "profile_has_exactly_one_entity", "Un profil porte sur une entité et une seule."
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", entity],
                    condition=Q(state__in=["pending", "active", "suspended"]),
                    name=f"profile_one_living_per_{entity}",
                    violation_error_message="Ce profil existe déjà.",
                )
                for entity in ENTITIES
            ),
        ]

    def __str__(self):
        return f"{self.entity} ({self.entity_text})" if self.finess else str(self.entity)

    @property
    def mail_address(self) -> str:
        """Where its mails go: its own address once confirmed, else that of the account."""
        return self.email if self.email and self.email_verified_at else self.user.email

    @property
    def finess(self) -> str:
        return getattr(self.entity, "finess", "")

    @property
    def entity_text(self) -> str:
        """« EJ 45 099 010 6 » or « ET 45 099 011 4 »; empty for an administrative body."""
        if not self.finess:
            return ""
        return f"{'ET' if self.establishment_id else 'EJ'} {self.entity.finess_text}"
