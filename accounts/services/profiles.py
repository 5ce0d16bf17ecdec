"""What happens to profiles and habilitations. Every change of state goes through here.

``by`` is who decides; None is the system (a command, an automatic grant). Nobody decides on their
own profile, and a regional or national profile takes two people: one alone is refused here.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.grants import ROLE_CODES, SITE
from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.services.automatic import withdraw_automatic
from accounts.services.errors import AccountError
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.perimeter import Action
from journal.services import record

Entity = Establishment | LegalEntity | AdministrativeBody
State = Profile.State
LIVING = (State.PENDING, State.ACTIVE, State.SUSPENDED)


class ProfileError(AccountError):
    """The profile or the habilitation cannot do that."""


@transaction.atomic
def create_profile(user: User, entity: Entity, *, by: User | None, reason: str = "") -> Profile:
    """Tie a person to an entity, in force at once; the habilitations come one by one."""
    profile = Profile(user=user, state=State.ACTIVE, reason=reason, **{field_of(entity): entity})
    _check_decider(profile, by)
    profile.decided_at, profile.decided_by = timezone.now(), by
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        raise ProfileError(f"{user} a déjà un profil sur {entity}.") from None
    _record("account.profile_created", profile, by=by, reason=reason)
    return profile


def activate_profile(profile: Profile, *, by: User | None, reason: str = "") -> Profile:
    """Open a profile that waits, or open again one that was suspended."""
    return _change(profile, State.ACTIVE, (State.PENDING, State.SUSPENDED), by=by, reason=reason)


def suspend_profile(profile: Profile, *, by: User | None, reason: str) -> Profile:
    """Stop a profile for a while; its habilitations wait with it. The reason is told."""
    if not reason.strip():
        raise ProfileError("Indiquez le motif de la suspension : la personne le recevra.")
    return _change(profile, State.SUSPENDED, (State.ACTIVE,), by=by, reason=reason)


def end_profile(profile: Profile, *, by: User | None, reason: str = "") -> Profile:
    """End a profile for good: the person left the entity. One may end one's own."""
    return _change(profile, State.ENDED, LIVING, by=by, reason=reason)


@transaction.atomic
def grant_habilitation(
    profile: Profile,
    domain: Domain,
    role: Role,
    *,
    by: User | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> Habilitation:
    """Give a role in a domain, in force at once or between two dates."""
    profile = _locked(profile)
    _check_role(profile, domain, role, starts_on, ends_on)
    _check_decider(profile, by, role)
    if profile.habilitations.filter(domain=domain, role=role, state__in=["pending", "active"]):
        raise ProfileError(f"{profile.user} a déjà cette habilitation, demandée ou accordée.")
    right = Habilitation.objects.create(
        profile=profile,
        domain=domain,
        role=role,
        state=Habilitation.State.ACTIVE,
        starts_on=starts_on,
        ends_on=ends_on,
        decided_at=timezone.now(),
        decided_by=by,
        reason=reason,
    )
    _record("account.habilitation_granted", profile, by=by, habilitation=str(right), reason=reason)
    return right


@transaction.atomic
def revoke_habilitation(right: Habilitation, *, by: User | None, reason: str = "") -> Habilitation:
    """Take a role back; it stops at the person's next click."""
    profile = _locked(right.profile)
    right = Habilitation.objects.select_for_update().get(pk=right.pk)
    _check_decider(profile, by, Role(right.role))
    if right.state not in (Habilitation.State.PENDING, Habilitation.State.ACTIVE):
        raise ProfileError(f"L’habilitation « {right} » n’est plus en vigueur.")
    right.state, right.reason = Habilitation.State.REVOKED, reason
    right.decided_at, right.decided_by = timezone.now(), by
    right.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    _record("account.habilitation_revoked", profile, by=by, habilitation=str(right), reason=reason)
    withdraw_automatic(profile, by=by, reason=f"Suit le retrait de « {right} ».")
    return right


def field_of(entity: Entity) -> str:
    """The field of a profile that holds this kind of entity."""
    match entity:
        case Establishment():
            return "establishment"
        case LegalEntity():
            return "legal_entity"
        case _:
            return "body"


def action_to_decide(profile: Profile, role: Role | None = None) -> Action:
    """The line of the access matrix that lets one decide of this profile, or of this role on it."""
    if profile.body_id:
        return Action.PROF_DECIDE_REG
    if role == Role.ADMINISTRATOR:
        return Action.PROF_DECIDE_APE
    return Action.PROF_DECIDE_ETAB


@transaction.atomic
def _change(
    profile: Profile, state: State, origins: tuple[State, ...], *, by: User | None, reason: str
) -> Profile:
    profile = _locked(profile)
    before = State(profile.state)
    if not (state == State.ENDED and by == profile.user):
        _check_decider(profile, by)
    if before not in origins:
        raise ProfileError(f"Le profil sur {profile.entity} est {before.label} : rien n’a changé.")
    profile.state, profile.reason = state, reason
    profile.decided_at, profile.decided_by = timezone.now(), by
    profile.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    verb = f"account.profile_{'activated' if state == State.ACTIVE else state.value}"
    _record(verb, profile, by=by, before=before.value, reason=reason)
    return profile


def _locked(profile: Profile) -> Profile:
    locked: Profile = Profile.objects.select_for_update(of=["self"]).get(pk=profile.pk)
    return locked


def _check_decider(profile: Profile, by: User | None, role: Role | None = None) -> None:
    """Raise unless ``by`` may decide here: never on oneself, nor alone for a region."""
    if by is None:
        return
    if by == profile.user:
        raise ProfileError("Personne ne décide de son propre profil : une autre personne le fera.")
    if profile.body_id:
        raise ProfileError("Un profil régional ou national se décide à deux personnes.")
    if not profile.is_inside(by.perimeter_to(action_to_decide(profile, role))):
        raise ProfileError(f"Votre profil ne vous permet pas de décider pour {profile.entity}.")


def _check_role(
    profile: Profile, domain: Domain, role: Role, starts_on: date | None, ends_on: date | None
) -> None:
    kind = profile.body.kind if profile.body else SITE
    if (domain, role, kind) not in ROLE_CODES:
        raise ProfileError(
            f"Le rôle « {role.label} » n’existe pas en {domain.label} pour {profile.entity}."
        )
    if profile.state not in LIVING:
        raise ProfileError(f"Le profil sur {profile.entity} est {profile.get_state_display()}.")
    if starts_on and ends_on and ends_on < starts_on:
        raise ProfileError("La date de fin précède la date de début.")
    if role == Role.DELEGATED_ADMINISTRATOR and not ends_on:
        raise ProfileError("Une délégation d’administration a une date de fin : indiquez-la.")


def _record(verb: str, profile: Profile, *, by: User | None, **details: Any) -> None:
    profile.user.forget_rights()
    place = None if profile.body_id else profile.entity
    told = {name: value for name, value in details.items() if value}
    record(verb, by=by, target=f"{profile.user.username} · {profile}", place=place, **told)
