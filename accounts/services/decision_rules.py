"""What a decision may be and what it does, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from accounts.grants import ROLE_CODES, SITE
from accounts.models import AccessRequest, Domain, Habilitation, Level, Profile, Role, User
from accounts.services.authority import action_to_decide, check_delegation
from accounts.services.errors import AccountError
from common.french import of

Rights = Sequence[tuple[Domain, Role]]
State = Habilitation.State


class DecisionError(AccountError):
    """It cannot be decided so."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody answers. ``rights`` None: all that was asked, nothing else."""

    by: User
    accepted: bool
    reason: str
    rights: frozenset[tuple[str, str]] | None = None
    ends_on: date | None = None
    at: datetime = field(default_factory=timezone.now)


@dataclass(slots=True)
class Effect:
    """What a decision does to one request; ``is_first``: another person has to decide after."""

    request: AccessRequest
    granted: list[Habilitation]
    refused: list[Habilitation]
    is_first: bool = False

    @property
    def profile(self) -> Profile:
        return self.request.profile


def check_decision(decision: Decision) -> None:
    """Raise what is wrong whatever the request."""
    if not decision.accepted and not decision.reason:
        raise DecisionError("Indiquez le motif du refus : la personne le recevra.")
    if decision.ends_on and decision.ends_on < timezone.localdate():
        raise DecisionError("La date de fin est passée : donnez une date à venir.")


def effect_of(request: AccessRequest, living: list[Habilitation], decision: Decision) -> Effect:
    """Work out what the decision does to a request and the living habilitations of its profile."""
    check_decider(request, decision.by)
    asked = [one for one in living if one.state == State.PENDING]
    if not decision.accepted:
        return Effect(request, [], asked)
    if decision.rights is None:
        granted = asked
    else:
        granted = [one for one in asked if (one.domain, one.role) in decision.rights]
        granted = granted + _added(request, living, decision.rights)
    refused = [one for one in asked if one not in granted]
    is_first = request.level == Level.NATIONAL and request.first_by_id is None
    effect = Effect(request, granted, refused, is_first)
    _check_accepted(effect, decision)
    return effect


def check_decider(request: AccessRequest, by: User) -> None:
    """Raise unless ``by`` may decide of this request, whatever the answer."""
    profile, level = request.profile, Level(request.level)
    if profile.user_id == by.pk:
        raise DecisionError("Personne ne décide de sa propre demande : une autre personne le fera.")
    if request.first_by_id == by.pk:
        raise DecisionError(
            f"Vous avez déjà donné votre accord pour {profile.user} : "
            "une autre personne de la cellule nationale décide."
        )
    if request.asked_by_id == by.pk:
        raise DecisionError("Vous avez fait cette demande : une autre personne en décide.")
    if not profile.is_inside(by.perimeter_to(level.action)):
        raise DecisionError(
            f"Votre profil ne vous permet pas de décider de la demande {of(profile.user)} : "
            f"elle revient à d’autres ({level.label})."
        )


def _added(
    request: AccessRequest, living: list[Habilitation], rights: frozenset[tuple[str, str]]
) -> list[Habilitation]:
    """What was not asked and is granted besides, save what the person already holds."""
    today = timezone.localdate()
    held = {(one.domain, one.role) for one in living if one.ends_on is None or one.ends_on >= today}
    more = sorted(rights - held)
    if more and request.level == Level.NATIONAL:
        raise DecisionError(
            "À l’échelle nationale, deux personnes s’accordent sur ce qui a été demandé : "
            "une habilitation de plus fait l’objet d’une autre proposition."
        )
    return [
        Habilitation(profile=request.profile, domain=domain, role=role, request=request)
        for domain, role in more
    ]


def _check_accepted(effect: Effect, decision: Decision) -> None:
    profile, user = effect.profile, effect.profile.user
    if not user.is_active or user.closed_at:
        raise DecisionError(f"Le compte {of(user)} est fermé : seul un refus clôt cette demande.")
    if profile.state not in (Profile.State.PENDING, Profile.State.ACTIVE):
        raise DecisionError(
            f"Le profil {of(user)} sur {profile.entity} est {profile.get_state_display()} : "
            "seul un refus clôt cette demande."
        )
    if not effect.granted and (effect.refused or decision.rights is not None):
        raise DecisionError("Cochez au moins une habilitation, ou refusez la demande.")
    for right in effect.granted:
        _check_right(profile, right, decision)


def _check_right(profile: Profile, right: Habilitation, decision: Decision) -> None:
    """The role exists there, is within reach of who decides, and a delegation ends."""
    role = Role(right.role)
    kind = profile.body.kind if profile.body else SITE
    if (right.domain, role, kind) not in ROLE_CODES:
        raise DecisionError(f"« {right} » n’existe pas pour {profile.entity}.")
    if not profile.is_inside(decision.by.perimeter_to(action_to_decide(profile, role))):
        raise DecisionError(f"« {right} » ne se décide pas sous votre profil : décochez-la.")
    if role == Role.DELEGATED_ADMINISTRATOR:
        check_delegation(decision.by, decision.ends_on)
