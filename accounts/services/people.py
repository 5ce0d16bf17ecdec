"""What an administrator does for a person's account: open a profile, unlock, lift a lost factor.

Nobody ever chooses or sees somebody else's password, and nobody does any of it for themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.backends import person_named
from accounts.limits import ACCOUNT_FAILURES, FailureLimit, TooManyFailuresError
from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.notices import Notice, notify
from accounts.services.authority import action_to_decide, highest_role
from accounts.services.errors import AccountError
from accounts.services.profiles import (
    Entity,
    Span,
    create_profile,
    grant_habilitation,
)
from common.french import of
from establishments.perimeter import Action
from journal.services import record

LOOKUPS = FailureLimit("people_lookup", ((20, 3600),))
NOT_OURS = (
    "Votre profil ne suffit pas : l’ARS de la région ou l’assistance nationale peut le faire."
)


class PersonError(AccountError):
    """It cannot be done for this person."""


@dataclass(frozen=True, slots=True)
class Given:
    """A habilitation to open with a profile."""

    domain: Domain
    role: Role
    span: Span = field(default_factory=Span)


@transaction.atomic
def open_profile(
    user: User, entity: Entity, rights: Sequence[Given], *, by: User, reason: str = ""
) -> Profile:
    """Open a profile with its habilitations for an existing account, in one decision."""
    if not rights:
        raise PersonError("Choisissez au moins une habilitation : sans elle, rien ne s’ouvre.")
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise PersonError(
            f"L’adresse {of(user)} n’est pas encore vérifiée : la personne doit se "
            "connecter et recopier le code reçu par courriel. Vous pourrez ensuite lui ouvrir un "
            "profil."
        )
    profile = create_profile(user, entity, by=by, reason=reason)
    give_rights(profile, rights, by=by, reason=reason, tell=False)
    return profile


@transaction.atomic
def give_rights(
    profile: Profile, rights: Sequence[Given], *, by: User, reason: str = "", tell: bool = True
) -> list[Habilitation]:
    """Give several habilitations at once, or none."""
    return [
        grant_habilitation(
            profile,
            right.domain,
            right.role,
            by=by,
            reason=reason,
            tell=tell,
            **right.span.as_fields(),
        )
        for right in rights
    ]


def account_named(login: str, *, by: User) -> User:
    """The account of an address or an identifier typed in full; twenty wrong ones an hour."""
    try:
        attempt = LOOKUPS.begin(f"account {by.pk}")
    except TooManyFailuresError as locked:
        raise PersonError(str(locked)) from locked
    user = person_named(login)
    if user is None or not user.is_active or user.closed_at:
        raise PersonError(
            f"Aucun compte n’a « {login.strip()} » pour adresse ou pour identifiant. Vérifiez-le, "
            "ou invitez la personne : son compte s’ouvrira avec ce que vous aurez préparé."
        )
    attempt.succeed()
    return user


def locked_until(user: User) -> datetime | None:
    """Until when wrong passwords or codes keep the account closed; none: it is not."""
    ends = [limit.closed_until(f"account {user.pk}") for limit in ACCOUNT_FAILURES]
    return max((end for end in ends if end), default=None)


@transaction.atomic
def unlock(user: User, *, by: User) -> None:
    """Let somebody try again at once after too many wrong passwords or codes."""
    profile = _check_helper(user, by, wholly=False)
    if locked_until(user) is None:
        raise PersonError(f"Le compte {of(user)} n’est pas bloqué : il n’y a rien à faire.")
    for limit in ACCOUNT_FAILURES:
        limit.forget(f"account {user.pk}")
    _record("account.unlocked", user, profile, by)
    notify(Notice.ACCOUNT_UNLOCKED, user.pk)


@transaction.atomic
def remove_second_factor(user: User, *, by: User, reason: str) -> None:
    """Lift every second factor of who lost theirs, and close their sessions; they are told."""
    if not reason.strip():
        raise PersonError("Indiquez comment vous avez vérifié l’identité de la personne.")
    User.objects.select_for_update(of=["self"]).get(pk=user.pk)
    profile = _check_helper(user, by, wholly=True)
    factors = Authenticator.objects.filter(user=user)
    kinds = sorted(set(factors.values_list("type", flat=True)))
    if not kinds:
        raise PersonError(f"Le compte {of(user)} n’a pas de second facteur.")
    factors.delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    _record("account.factor_removed", user, profile, by, kinds=kinds, reason=reason)
    notify(Notice.FACTOR_REMOVED, user.pk)


def refusal_to_help(user: User, by: User, *, wholly: bool) -> str:
    """Why ``by`` may not help this account; empty: they may.

    An account opens every profile of the person: those that administer or reach further must be
    for ``by`` to decide; ``wholly``, for what lowers the protection of the account, all of them.
    """
    if by.pk == user.pk:
        return "Personne ne le fait pour son propre compte : une autre personne le fera."
    perimeter = by.perimeter_to(Action.ACC_UNLOCK)
    if perimeter.is_national:
        return ""
    profiles = list(user.profiles.filter(state__in=Profile.LIVING).with_entity())
    reached = [one for one in profiles if one.is_inside(perimeter)]
    if not reached:
        return NOT_OURS
    guarded = profiles if wholly else [one for one in profiles if _is_high(one)]
    return "" if all(_decides_of(one, by) for one in guarded) else NOT_OURS


def _is_high(profile: Profile) -> bool:
    return bool(profile.body_id) or highest_role(profile) is not None


def _decides_of(profile: Profile, by: User) -> bool:
    action = action_to_decide(profile, highest_role(profile))
    return profile.is_inside(by.perimeter_to(action))


def _check_helper(user: User, by: User, *, wholly: bool) -> Profile | None:
    """Raise the refusal, or give the profile through which the journal shows it to its entity."""
    if refusal := refusal_to_help(user, by, wholly=wholly):
        raise PersonError(refusal)
    perimeter = by.perimeter_to(Action.ACC_UNLOCK)
    living = user.profiles.filter(state__in=Profile.LIVING, body__isnull=True)
    found = living.select_related("establishment", "legal_entity")
    return next((one for one in found if one.is_inside(perimeter)), None)


def _record(verb: str, user: User, profile: Profile | None, by: User, **details: Any) -> None:
    place = profile.entity if profile else None
    record(verb, by=by, target=user.username, place=place, **details)
