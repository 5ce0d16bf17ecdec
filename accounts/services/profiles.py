"""What happens to profiles and habilitations. Every change of state goes through here.

``by`` is who decides; None is the system (a command, an automatic grant). Who may decide of what is
in ``authority``. Each function tells the person by mail, unless the caller tells them otherwise.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.grants import ROLE_CODES, SITE
from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.notices import Notice, notify
from accounts.services.authority import (
    Act,
    ProfileError,
    action_to_decide,
    check_decider,
    highest_role,
)
from accounts.services.automatic import grant_automatic
from accounts.services.ended import release_ended
from accounts.services.spans import Span, check_span, check_unchanged
from accounts.services.withdrawal import follow_end, withdraw_followers, withdraw_request
from common.french import of
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from journal.services import record

__all__ = [
    "Entity",
    "ProfileError",
    "Span",
    "action_to_decide",
    "activate_profile",
    "change_habilitation",
    "create_profile",
    "end_profile",
    "field_of",
    "grant_habilitation",
    "reopen_profile",
    "revoke_habilitation",
    "suspend_profile",
]

Entity = Establishment | LegalEntity | AdministrativeBody
State = Profile.State
HELD = (Habilitation.State.PENDING, Habilitation.State.ACTIVE)
LEADING = (Role.ADMINISTRATOR, Role.DECLARANT)  # what an automatic grant may follow
TOLD_OF = {
    State.ACTIVE: Notice.PROFILE_REOPENED,
    State.SUSPENDED: Notice.PROFILE_SUSPENDED,
    State.ENDED: Notice.PROFILE_ENDED,
}


@transaction.atomic
def create_profile(
    user: User, entity: Entity, *, by: User | None, reason: str = "", tell: bool = True
) -> Profile:
    """Tie a person to an entity, in force at once; the habilitations come one by one."""
    profile = Profile(user=user, state=State.ACTIVE, reason=reason, **{field_of(entity): entity})
    check_decider(profile, by)
    if by is not None:
        _check_open(user, entity)
    profile.decided_at, profile.decided_by = timezone.now(), by
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        raise ProfileError(f"{user} a déjà un profil sur {entity}.") from None
    _record("account.profile_created", profile, by=by, reason=reason)
    if tell:
        notify(Notice.PROFILE_CREATED, profile.pk)
    return profile


def activate_profile(profile: Profile, *, by: User | None, reason: str = "") -> Profile:
    """Open a profile that waits, or open again one that was suspended."""
    return _change(profile, State.ACTIVE, (State.PENDING, State.SUSPENDED), by=by, reason=reason)


def reopen_profile(profile: Profile, *, by: User | None, reason: str = "") -> Profile:
    """Open again a profile that was suspended; one that was only asked for waits for its answer."""
    return _change(profile, State.ACTIVE, (State.SUSPENDED,), by=by, reason=reason)


def suspend_profile(profile: Profile, *, by: User | None, reason: str) -> Profile:
    """Stop a profile for a while; its habilitations wait with it. The reason is told."""
    if not reason.strip():
        raise ProfileError("Indiquez le motif de la suspension : la personne le recevra.")
    return _change(profile, State.SUSPENDED, (State.ACTIVE,), by=by, reason=reason)


def end_profile(
    profile: Profile, *, by: User | None, reason: str = "", with_account: bool = False
) -> Profile:
    """End a profile for good: the person left the entity. One may end one's own.

    Not while it is suspended, for a new one could then be opened in its place: whoever decides
    there reopens or ends it. ``with_account``: the account closes, nobody comes back with it.
    """
    is_left = by == profile.user and not with_account
    origins = (State.PENDING, State.ACTIVE) if is_left else Profile.LIVING
    return _change(profile, State.ENDED, origins, by=by, reason=reason)


@transaction.atomic
def grant_habilitation(
    profile: Profile,
    domain: Domain,
    role: Role,
    *,
    by: User | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    legal_kinds: Sequence[str] = (),
    fields_of_care: Sequence[str] = (),
    reason: str = "",
    tell: bool = True,
) -> Habilitation:
    """Give a role in a domain, in force at once or between two dates."""
    profile = _locked(profile)
    span = Span(starts_on, ends_on, legal_kinds, fields_of_care)
    _check_role(profile, domain, role)
    check_span(domain, role, span, by)
    check_decider(profile, by, role)
    release_ended(profile)
    if profile.habilitations.filter(domain=domain, role=role, state__in=HELD):
        raise ProfileError(f"{profile.user} a déjà cette habilitation, demandée ou accordée.")
    right = Habilitation.objects.create(
        profile=profile,
        domain=domain,
        role=role,
        state=Habilitation.State.ACTIVE,
        decided_at=timezone.now(),
        decided_by=by,
        reason=reason,
        **span.as_fields(),
    )
    _record("account.habilitation_granted", profile, by=by, habilitation=str(right), reason=reason)
    if tell:
        notify(Notice.HABILITATION_GRANTED, right.pk)
    if role in LEADING:
        grant_automatic(profile, by=by)
    return right


@transaction.atomic
def change_habilitation(
    right: Habilitation,
    span: Span,
    *,
    by: User | None,
    reason: str = "",
    seen: str | None = None,
) -> Habilitation:
    """Change the dates, *statuts* and *champs* of a role that stays given.

    ``seen`` is the text of its span when the form was shown: a change made since then stays.
    """
    profile = _locked(right.profile)
    right = Habilitation.objects.select_for_update().get(pk=right.pk)
    check_decider(profile, by, Role(right.role))
    if right.state != Habilitation.State.ACTIVE or profile.state not in Profile.LIVING:
        raise ProfileError(f"L’habilitation « {right} » n’est plus en vigueur.")
    check_span(Domain(right.domain), Role(right.role), span, by)
    before = Span.of(right)
    check_unchanged(right, seen)
    if before.as_fields() == span.as_fields():
        return right
    for name, value in span.as_fields().items():
        setattr(right, name, value)
    right.save(update_fields=list(span.as_fields()))
    _record(
        "account.habilitation_changed",
        profile,
        by=by,
        habilitation=str(right),
        before=before.as_json(),
        after=span.as_json(),
        reason=reason,
    )
    notify(Notice.HABILITATION_CHANGED, right.pk)
    follow_end(right, before.ends_on, by=by)
    return right


@transaction.atomic
def revoke_habilitation(right: Habilitation, *, by: User | None, reason: str = "") -> Habilitation:
    """Take a role back; it stops at the person's next click."""
    profile = _locked(right.profile)
    right = Habilitation.objects.select_for_update().get(pk=right.pk)
    check_decider(profile, by, Role(right.role), act=Act.AFTER_SUSPENSION)
    if right.state not in HELD:
        raise ProfileError(f"L’habilitation « {right} » n’est plus en vigueur.")
    if right.request_id and right.state == Habilitation.State.PENDING:
        raise ProfileError(f"« {right} » est demandée : décidez de la demande.")
    right.state, right.reason = Habilitation.State.REVOKED, reason
    right.decided_at, right.decided_by = timezone.now(), by
    right.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    _record("account.habilitation_revoked", profile, by=by, habilitation=str(right), reason=reason)
    withdraw_followers(profile, by=by, reason=f"Suit le retrait de « {right} ».")
    notify(Notice.HABILITATION_REVOKED, right.pk)
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


@transaction.atomic
def _change(
    profile: Profile, state: State, origins: tuple[State, ...], *, by: User | None, reason: str
) -> Profile:
    profile = _locked(profile)
    before = State(profile.state)
    if not (state == State.ENDED and by == profile.user):
        act = Act.SUSPEND if state == State.SUSPENDED else Act.AFTER_SUSPENSION
        check_decider(profile, by, highest_role(profile), act=act)
    if before not in origins:
        raise ProfileError(_unchanged(profile, state))
    if state == State.ENDED:
        withdraw_request(profile, by=by, reason=reason or "profil terminé")
    profile.state, profile.reason = state, reason
    profile.decided_at, profile.decided_by = timezone.now(), by
    profile.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    verb = f"account.profile_{'activated' if state == State.ACTIVE else state.value}"
    _record(verb, profile, by=by, before=before.value, reason=reason)
    if before != State.PENDING:
        notify(TOLD_OF[state], profile.pk)
    return profile


def _locked(profile: Profile) -> Profile:
    locked: Profile = Profile.objects.select_for_update(of=["self"]).get(pk=profile.pk)
    return locked


def _unchanged(profile: Profile, asked: State) -> str:
    if profile.state == State.SUSPENDED and asked == State.ENDED:
        return (
            f"Votre profil sur {profile.entity} est suspendu : vous ne pouvez pas y mettre fin. "
            "Un administrateur peut le rouvrir ou le terminer. Il n’empêche pas de demander un "
            "profil ailleurs."
        )
    return f"Le profil sur {profile.entity} est {profile.get_state_display()} : rien n’a changé."


def _check_open(user: User, entity: Entity) -> None:
    if not user.is_active or user.closed_at:
        raise ProfileError(f"Le compte {of(user)} est fermé.")
    if not isinstance(entity, AdministrativeBody) and entity.closed_on:
        raise ProfileError(f"{entity} est fermé depuis le {entity.closed_on:%d/%m/%Y}.")


def _check_role(profile: Profile, domain: Domain, role: Role) -> None:
    kind = profile.body.kind if profile.body else SITE
    if (domain, role, kind) not in ROLE_CODES:
        raise ProfileError(
            f"Le rôle « {role.label} » n’existe pas en {domain.label} pour {profile.entity}."
        )
    if profile.state not in Profile.LIVING:
        raise ProfileError(f"Le profil sur {profile.entity} est {profile.get_state_display()}.")


def _record(verb: str, profile: Profile, *, by: User | None, **details: Any) -> None:
    profile.user.forget_rights()
    place = None if profile.body_id else profile.entity
    told = {name: value for name, value in details.items() if value}
    record(verb, by=by, target=f"{profile.user.username} · {profile}", place=place, **told)
