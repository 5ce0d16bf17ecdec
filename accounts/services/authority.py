"""Who decides of a profile: never oneself, never above one's own rights, by two for a region.

For a regional or national profile one person of the national cell suspends at once, for a stolen
account does not wait; another one reopens it, takes a role back or ends it. What is given there is
proposed as a request, which two people accept.
"""

from datetime import date
from enum import Enum

from django.db.models import Q
from django.utils import timezone

from accounts.models import Habilitation, Profile, Role, User
from accounts.services.errors import AccountError
from establishments.perimeter import Action

State = Profile.State


class ProfileError(AccountError):
    """The profile or the habilitation cannot do that."""


class Act(Enum):
    """What somebody is about to do to a profile, for the rule of the two people."""

    GIVE = "give"
    SUSPEND = "suspend"
    AFTER_SUSPENSION = "after"  # reopen, end, take a role back


def action_to_decide(profile: Profile, role: Role | None = None) -> Action:
    """The line of the access matrix that lets one decide of this profile, or of this role on it."""
    if profile.body_id:
        return Action.PROF_DECIDE_REG
    if role == Role.ADMINISTRATOR:
        return Action.PROF_DECIDE_APE
    return Action.PROF_DECIDE_ETAB


def highest_role(profile: Profile) -> Role | None:
    """The role that tells who may stop the whole profile: that of an APE, in force or to come."""
    today = timezone.localdate()
    rights = profile.habilitations.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        state=Habilitation.State.ACTIVE,
        role=Role.ADMINISTRATOR,
    )
    return Role.ADMINISTRATOR if profile.pk and rights.exists() else None


def refusal_to_decide(
    profile: Profile, by: User | None, role: Role | None = None, *, act: Act = Act.GIVE
) -> str:
    """Why ``by`` may not do that here, in a sentence for them; empty: they may."""
    if by is None:
        return ""
    if by.pk == profile.user_id:
        return "Personne ne décide de son propre profil : une autre personne le fera."
    if profile.body_id:
        return _refusal_beyond_establishments(profile, by, act)
    if profile.is_inside(by.perimeter_to(action_to_decide(profile, role))):
        return ""
    told = f"Votre profil ne vous permet pas de décider pour {profile.entity}"
    if role == Role.ADMINISTRATOR:
        return f"{told} d’un administrateur principal : l’ARS le fait."
    return f"{told}."


def check_decider(
    profile: Profile, by: User | None, role: Role | None = None, *, act: Act = Act.GIVE
) -> None:
    if refusal := refusal_to_decide(profile, by, role, act=act):
        raise ProfileError(refusal)


def end_of_own_delegation(user: User) -> date | None:
    """The last day of who is an administrator by delegation only: theirs give nothing longer."""
    return end_of_delegation(user.active_profile)


def end_of_delegation(profile: Profile | None) -> date | None:
    """The same of one profile read with its rights; none: it is no delegation."""
    held = getattr(profile, "rights", [])
    if any(one.role == Role.ADMINISTRATOR for one in held):
        return None
    ends = [one.ends_on for one in held if one.role == Role.DELEGATED_ADMINISTRATOR]
    return max(filter(None, ends), default=None)


def refusal_of_delegation(by: User | None, ends_on: date | None) -> str:
    """Why a delegation may not last so: it ends, and not after that of who gives it."""
    if ends_on is None:
        return "Une délégation d’administration a une date de fin : indiquez-la."
    limit = end_of_own_delegation(by) if by else None
    if limit and ends_on > limit:
        return (
            f"Votre propre délégation finit le {limit:%d/%m/%Y} : "
            "celle que vous donnez ne peut pas finir après."
        )
    return ""


def check_delegation(by: User | None, ends_on: date | None) -> None:
    if refusal := refusal_of_delegation(by, ends_on):
        raise ProfileError(refusal)


def _refusal_beyond_establishments(profile: Profile, by: User, act: Act) -> str:
    if not profile.is_inside(by.perimeter_to(Action.PROF_DECIDE_REG)):
        return (
            f"Votre profil ne vous permet pas de décider pour {profile.entity} : "
            "la cellule nationale le fait, à deux personnes."
        )
    if act == Act.GIVE:
        return (
            "Un profil régional ou national se décide à deux personnes : proposez-le, une autre "
            "personne de la cellule nationale donnera son accord."
        )
    if act == Act.AFTER_SUSPENSION:
        if profile.state != State.SUSPENDED:
            return (
                "Un profil régional ou national se retire à deux personnes : suspendez-le d’abord, "
                "une autre personne de la cellule nationale décidera de la suite."
            )
        if profile.decided_by_id == by.pk:
            return (
                "Vous avez suspendu ce profil : une autre personne de la cellule nationale décide "
                "de la suite, à deux personnes."
            )
    return ""
