"""A profile ties a person to exactly one entity (`domain.md` §3)."""

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q

from accounts.models.habilitation import Habilitation
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.perimeter import Action, Holder, Perimeter

if TYPE_CHECKING:
    from accounts.models.access_request import AccessRequest


def inside(perimeter: Perimeter, path: str = "") -> Q:
    """Select the profiles, found by following ``path``, whose entity is inside a perimeter.

    An entity is inside by itself: one of its sites does not bring it. A body is by its region.
    """
    if perimeter.is_national:
        return Q()
    prefix = f"{path}__" if path else ""
    entity = f"{prefix}legal_entity"
    return (
        perimeter.as_q(f"{prefix}establishment")
        | Q(**{f"{entity}__in": perimeter.legal_entity_ids})
        | Q(**{f"{entity}__region__in": perimeter.region_codes})
        | Q(**{f"{entity}__department__in": perimeter.department_codes})
        | Q(**{f"{prefix}body__region__in": perimeter.region_codes})
    )


class ProfileQuerySet(models.QuerySet):
    def for_user(self, user: Holder, to: Action) -> Self:
        """The profiles where ``user`` may do ``to``; what nobody granted, nobody sees."""
        return self.filter(inside(user.perimeter_to(to)))

    def usable(self) -> Self:
        return self.filter(state=Profile.State.ACTIVE)

    def with_rights(self) -> Self:
        """Bring the entity and the habilitations in force, whatever the number of profiles."""
        rights = Habilitation.objects.in_force()
        return self.select_related("establishment", "legal_entity", "body").prefetch_related(
            Prefetch("habilitations", queryset=rights, to_attr="rights")
        )

    def for_list(self) -> Self:
        """What the pages of one's profiles show: whatever the state, every habilitation."""
        regions = ("establishment__region", "legal_entity__region", "body")
        return self.with_rights().select_related(*regions).prefetch_related("habilitations")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Profile(models.Model):
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
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name="établissement",
    )
    legal_entity = models.ForeignKey(
        LegalEntity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name="entité juridique",
    )
    body = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name="structure administrative",
    )
    state = models.CharField("état", max_length=12, choices=State, default=State.PENDING)
    email = models.EmailField("adresse dédiée", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    address = models.CharField("adresse postale", max_length=250, blank=True)
    requested_at = models.DateTimeField("demandé le", auto_now_add=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décidé par",
    )
    reason = models.TextField("motif", blank=True)

    rights: list[Habilitation]  # in force: brought by ``with_rights``
    waiting: list["AccessRequest"]  # open requests, where a page brings them

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "profil"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="profile_has_exactly_one_entity",
                condition=(
                    Q(establishment__isnull=False, legal_entity__isnull=True, body__isnull=True)
                    | Q(establishment__isnull=True, legal_entity__isnull=False, body__isnull=True)
                    | Q(establishment__isnull=True, legal_entity__isnull=True, body__isnull=False)
                ),
                violation_error_message="Un profil porte sur une entité et une seule.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", entity],
                    condition=Q(state__in=["pending", "active", "suspended"]),
                    name=f"profile_one_living_per_{entity}",
                    violation_error_message="Ce profil existe déjà.",
                )
                for entity in ("establishment", "legal_entity", "body")
            ),
        ]

    def __str__(self):
        return f"{self.entity} ({self.entity_text})" if self.finess else str(self.entity)

    @property
    def entity(self) -> Establishment | LegalEntity | AdministrativeBody:
        return self.establishment or self.legal_entity or self.body

    @property
    def finess(self) -> str:
        return getattr(self.entity, "finess", "")

    @property
    def entity_text(self) -> str:
        """« EJ 45 099 010 6 » or « ET 45 099 011 4 »; empty for an administrative body."""
        if not self.finess:
            return ""
        return f"{'ET' if self.establishment_id else 'EJ'} {self.entity.finess_text}"

    def is_inside(self, perimeter: Perimeter) -> bool:
        """Whether the entity is in a perimeter, as ``inside`` selects it; also before saving."""
        entity = self.entity
        if perimeter.is_national:
            return True
        if self.body_id:
            return entity.region_id in perimeter.region_codes
        reached = entity.region_id in perimeter.region_codes
        reached |= entity.department_id in perimeter.department_codes
        reached |= self.legal_entity_in_reach_id in perimeter.legal_entity_ids
        return reached or self.establishment_id in perimeter.establishment_ids

    @property
    def legal_entity_in_reach_id(self) -> int | None:
        """The legal entity of the profile, also from a profile on one of its sites."""
        if self.establishment:
            return self.establishment.legal_entity_id
        return self.legal_entity_id
