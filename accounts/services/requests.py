"""What a person asks for on their own profiles: a profile, more habilitations, a transfer.

Nothing is in force before somebody else has decided. The person is told at once, those who decide
within a minute (``notices.rounds``). A profile that was refused or ended may be asked for again: it
is a new one. One that is suspended stays so, until somebody who decides there acts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.deciders import deciders_of, level_of
from accounts.grants import ROLE_CODES, SITE
from accounts.models import AccessRequest, Domain, Habilitation, Level, Profile, Role, User
from accounts.notices import Notice, notify
from accounts.services.contact import check_contact
from accounts.services.ended import release_ended
from accounts.services.errors import AccountError
from accounts.services.profile_address import ask_to_confirm, mark_address
from accounts.services.profiles import Entity, end_profile, field_of
from accounts.services.withdrawal import withdraw_request
from common.working_days import working_day_after
from establishments.models import AdministrativeBody
from journal.services import record

Rights = Sequence[tuple[Domain, Role]]
State = Profile.State


class RequestError(AccountError):
    """It cannot be asked for."""


@transaction.atomic
def ask_profile(
    user: User,
    entity: Entity,
    rights: Rights,
    *,
    note: str = "",
    replaces: Profile | None = None,
    email: str = "",
    phone: str = "",
    address: str = "",
) -> AccessRequest:
    """Ask for a profile on an entity with these habilitations; all wait for one decision."""
    profile = Profile(user=user, email=email, phone=phone, address=address)
    setattr(profile, field_of(entity), entity)
    _check_asker(user)
    _check_open(entity)
    _check_rights(profile, rights)
    check_contact(profile)
    mark_address(profile)
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        raise RequestError(_already_there(user, entity)) from None
    ask_to_confirm(profile)
    return _ask(profile, rights, note=note, replaces=replaces, verb="account.profile_requested")


@transaction.atomic
def ask_habilitations(
    profile: Profile, rights: Rights, *, by: User, note: str = ""
) -> AccessRequest:
    """Ask for more habilitations on one's own active profile."""
    profile = _locked_own(profile, by)
    if profile.state != State.ACTIVE:
        raise RequestError(
            f"Votre profil sur {profile.entity} est {profile.get_state_display()} : "
            "une habilitation se demande sur un profil actif."
        )
    _check_asker(by)
    _check_open(profile.entity)
    _check_rights(profile, rights)
    if waiting := profile.requests.open().first():
        raise RequestError(
            f"Votre demande du {_day(waiting.asked_at)} sur {profile.entity} attend encore. "
            "Annulez-la pour en faire une autre, ou attendez la réponse."
        )
    release_ended(profile)
    held = profile.habilitations.filter(state__in=["pending", "active"])
    if again := set(held.values_list("domain", "role")) & set(rights):
        names = ", ".join(sorted(Role(role).label for _, role in again))
        raise RequestError(f"Vous avez déjà, accordée ou demandée : {names}.")
    return _ask(profile, rights, note=note, replaces=None, verb="account.habilitation_requested")


@transaction.atomic
def cancel_request(request: AccessRequest, *, by: User) -> AccessRequest:
    """Take back what one asked for; a profile that was only asked for ends with it."""
    profile = _locked_own(request.profile, by)
    closed = None
    if AccessRequest.objects.open().filter(pk=request.pk).exists():
        closed = withdraw_request(profile, by=by, reason="demande annulée par la personne")
    if closed is None:
        raise RequestError(_answered(AccessRequest.objects.get(pk=request.pk)))
    if profile.state == State.PENDING:
        end_profile(profile, by=by, reason="demande annulée")
    by.forget_rights()
    return closed


@transaction.atomic
def remind(request: AccessRequest, *, by: User) -> AccessRequest:
    """Write again to those who can decide, a working day after the last time they were told."""
    profile = _locked_own(request.profile, by)
    request = AccessRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    if not request.is_open:
        raise RequestError(_answered(request))
    if not may_remind(request):
        raise RequestError(_too_soon(request))
    deciders = deciders_of(profile.entity, Level(request.level), but=by)
    if not deciders.people:
        where = f" à {deciders.mailbox}" if deciders.mailbox else ""
        raise RequestError(
            f"Personne ne peut encore répondre pour {profile.entity} : écrivez à "
            f"{deciders.body_name or 'votre ARS'}{where}."
        )
    request.reminded_at, request.reminders = timezone.now(), request.reminders + 1
    request.save(update_fields=["reminded_at", "reminders"])
    _record("account.request_reminded", profile, by=by, told=len(deciders.people))
    for person in deciders.people:
        notify(Notice.REQUESTS_REMINDER, request.pk, about=person.pk)
    return request


def may_remind(request: AccessRequest) -> bool:
    """Whether those who decide have had a working day since they were last told."""
    return request.is_open and reminder_opens_at(request) <= timezone.now()


def reminder_opens_at(request: AccessRequest) -> datetime:
    """When they may be reminded: a working day after the request, or the last reminder."""
    return working_day_after(request.reminded_at or request.asked_at)


@transaction.atomic
def transfer(
    profile: Profile,
    entity: Entity,
    rights: Rights,
    *,
    by: User,
    note: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
) -> AccessRequest:
    """Change employer: one's profile ends now, the one on the new entity is asked for, or neither.

    The history keeps both: the new request names the profile it replaces.
    """
    if entity == profile.entity:
        raise RequestError(f"Ce profil est déjà sur {entity} : choisissez le nouvel employeur.")
    former = leave(profile, by=by, reason=f"changement d’employeur : {entity}")
    return ask_profile(
        by,
        entity,
        rights,
        note=note,
        replaces=former,
        email=email,
        phone=phone,
        address=address,
    )


@transaction.atomic
def leave(profile: Profile, *, by: User, reason: str = "") -> Profile:
    """End one's own profile, with what was waiting on it; not while it is suspended."""
    return end_profile(_locked_own(profile, by), by=by, reason=reason)


def _ask(
    profile: Profile, rights: Rights, *, note: str, replaces: Profile | None, verb: str
) -> AccessRequest:
    user = profile.user
    try:
        with transaction.atomic():
            request = AccessRequest.objects.create(
                profile=profile,
                level=level_of(profile.entity, [role for _, role in rights]),
                note=note.strip(),
                asked_by=user,
                replaces=replaces,
            )
            Habilitation.objects.bulk_create(
                Habilitation(profile=profile, domain=domain, role=role, request=request)
                for domain, role in dict.fromkeys(rights)
            )
    except IntegrityError:
        raise RequestError(_already_there(user, profile.entity)) from None
    names = [f"{role.label} ({domain.label})" for domain, role in dict.fromkeys(rights)]
    _record(verb, profile, by=user, habilitations=names, level=request.level, note=request.note)
    notify(Notice.REQUEST_RECEIVED, request.pk)  # the round of the minute tells those who decide
    return request


def _locked_own(profile: Profile, by: User) -> Profile:
    """The profile as it is now, locked; that of somebody else is not theirs to touch."""
    locked: Profile = Profile.objects.select_for_update(of=["self"]).get(pk=profile.pk)
    if locked.user_id != by.pk:
        raise RequestError("Ce profil est celui d’une autre personne.")
    locked.user = by
    return locked


def _check_asker(user: User) -> None:
    if not user.is_active or user.closed_at:
        raise RequestError("Ce compte est fermé : il ne demande plus rien.")


def _check_open(entity: Entity) -> None:
    if not isinstance(entity, AdministrativeBody) and entity.closed_on:
        raise RequestError(
            f"{entity} est fermé depuis le {entity.closed_on:%d/%m/%Y} : "
            "choisissez l’établissement qui l’a remplacé."
        )


def _check_rights(profile: Profile, rights: Rights) -> None:
    if not rights:
        raise RequestError("Choisissez au moins une habilitation : sans elle, rien ne s’ouvre.")
    kind = profile.body.kind if profile.body else SITE
    for domain, role in rights:
        if (domain, role, kind) not in ROLE_CODES:
            raise RequestError(
                f"Le rôle « {role.label} » n’existe pas en {domain.label} pour {profile.entity}."
            )


def _already_there(user: User, entity: Entity) -> str:
    """Why a second profile is not needed: the one that is there, and what to do with it."""
    living = user.profiles.filter(**{field_of(entity): entity}, state__in=Profile.LIVING).first()
    if living is None:
        return f"Une demande vient d’être faite sur {entity} : rien n’a changé."
    match living.state:
        case State.PENDING:
            return (
                f"Vous avez déjà demandé un profil sur {entity} le "
                f"{_day(living.requested_at)} : il attend une réponse."
            )
        case State.SUSPENDED:
            return f"Votre profil sur {entity} est suspendu : un administrateur peut le rouvrir."
    return (
        f"Vous avez déjà un profil actif sur {entity} : demandez-y l’habilitation qui vous manque."
    )


def _answered(request: AccessRequest) -> str:
    closed = _day(request.closed_at) if request.closed_at else ""
    return f"Cette demande a été {request.get_outcome_display()} le {closed} : rien n’a changé."


def _too_soon(request: AccessRequest) -> str:
    opens_at = timezone.localtime(reminder_opens_at(request))
    told = (
        f"Une relance est déjà partie le {_day(request.reminded_at)}"
        if request.reminded_at
        else f"Votre demande est partie le {_day(request.asked_at)}"
    )
    return (
        f"{told} : laissez un jour ouvré pour répondre. Vous pourrez relancer à partir du "
        f"{opens_at:%d/%m/%Y à %H h %M}."
    )


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}"


def _record(verb: str, profile: Profile, *, by: User, **details: Any) -> None:
    by.forget_rights()
    told = {name: value for name, value in details.items() if value}
    place = None if profile.body_id else profile.entity
    record(verb, by=by, target=f"{by.username} · {profile}", place=place, **told)
