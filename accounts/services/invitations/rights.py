"""What may be prepared in an invitation: never above the rights of who invites.

To invite somewhere takes the right to invite there *and*, for each role, the right to decide of it
there: an APE never invites an APE, nobody below the country invites to an administration.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.grants import ROLE_CODES, SITE, perimeter_held
from accounts.models import Domain, Invitation, Profile, Role, User
from accounts.services.authority import end_of_delegation, refusal_of_delegation
from accounts.services.invitations.refusals import InvitationError
from accounts.services.profiles import Entity, action_to_decide, field_of
from establishments.models import AdministrativeBody
from establishments.perimeter import Action


class Right(NamedTuple):
    """A habilitation to prepare, with its days when it has some."""

    domain: Domain
    role: Role
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def label(self) -> str:
        """« Opérateur d’inventaire EPI (EPI-Stocks), jusqu’au 31/12/2026 »."""
        days = f", du {self.starts_on:%d/%m/%Y}" if self.starts_on else ""
        days += f", jusqu’au {self.ends_on:%d/%m/%Y}" if self.ends_on else ""
        return f"{self.role.label} ({self.domain.label}){days}"

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and self.ends_on < timezone.localdate()


def rights_of(invitation: Invitation) -> list[Right]:
    """What an invitation prepares, from the form kept in the database."""
    return [
        Right(
            Domain(one["domain"]),
            Role(one["role"]),
            _day(one.get("starts_on")),
            _day(one.get("ends_on")),
        )
        for one in invitation.rights
    ]


def as_kept(rights: Iterable[Right]) -> list[dict[str, Any]]:
    return [
        {
            "domain": right.domain.value,
            "role": right.role.value,
            "starts_on": right.starts_on.isoformat() if right.starts_on else None,
            "ends_on": right.ends_on.isoformat() if right.ends_on else None,
        }
        for right in rights
    ]


def may_give(entity: Entity, role: Role | None, by: User) -> bool:
    """Whether ``by`` may invite to the entity with this role, under the profile in use."""
    place = _place(entity)
    return place.is_inside(by.perimeter_to(Action.ACC_INVITE)) and place.is_inside(
        by.perimeter_to(action_to_decide(place, role))
    )


def may_still_give(entity: Entity, right: Right, by: User) -> bool:
    """The same by any of the profiles of ``by``: they are not there to choose one.

    A deputy whose own last day was brought forward meanwhile gives nothing that outlives it.
    """
    place = _place(entity)
    return by.is_active and any(
        all(
            place.is_inside(perimeter_held(profile, [profile], action, by.held.today))
            for action in (Action.ACC_INVITE, action_to_decide(place, right.role))
        )
        and not _outlives(right, profile)
        for profile in by.usable_profiles
    )


def _outlives(right: Right, profile: Profile) -> bool:
    limit = end_of_delegation(profile)
    if right.role != Role.DELEGATED_ADMINISTRATOR or limit is None:
        return False
    return right.ends_on is None or right.ends_on > limit


def roles_to_give(entity: Entity, by: User) -> list[tuple[Domain, Role]]:
    """The habilitations of this kind of entity that ``by`` may prepare there."""
    kind = entity.kind if isinstance(entity, AdministrativeBody) else SITE
    return [
        (domain, role)
        for domain, role, one in ROLE_CODES
        if one == kind and may_give(entity, role, by)
    ]


def check_rights(entity: Entity, rights: Sequence[Right], by: User) -> None:
    """Raise the sentence of the first thing that ``by`` may not prepare there."""
    kind = entity.kind if isinstance(entity, AdministrativeBody) else SITE
    if not rights:
        raise InvitationError("Choisissez au moins une habilitation : sans elle, rien ne s’ouvre.")
    for right in rights:
        if (right.domain, right.role, kind) not in ROLE_CODES:
            raise InvitationError(
                f"Le rôle « {right.role.label} » n’existe pas en {right.domain.label} "
                f"pour {entity}."
            )
        if not may_give(entity, right.role, by):
            raise InvitationError(
                f"Votre profil ne vous permet pas de donner « {right.role.label} » sur {entity}."
            )
        _check_days(right, by)


def _check_days(right: Right, by: User) -> None:
    is_delegation = right.role == Role.DELEGATED_ADMINISTRATOR
    if is_delegation and (refusal := refusal_of_delegation(by, right.ends_on)):
        raise InvitationError(refusal)
    if right.is_over:
        raise InvitationError(f"« {right.label} » : ce dernier jour est passé.")
    if right.starts_on and right.ends_on and right.ends_on < right.starts_on:
        raise InvitationError(f"« {right.label} » : la fin précède le début.")


def _place(entity: Entity) -> Profile:
    return Profile(**{field_of(entity): entity})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
