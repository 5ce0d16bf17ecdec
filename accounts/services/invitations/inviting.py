"""Make an invitation, confirm it, send it again, cancel it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.backends import person_named
from accounts.deciders import level_of
from accounts.models import Habilitation, Invitation, Level, Profile, User
from accounts.models.invitation import LIFETIME
from accounts.notices import Notice, notify
from accounts.services.automatic import grant_automatic
from accounts.services.invitations.links import new_nonce
from accounts.services.invitations.refusals import InvitationError
from accounts.services.invitations.rights import (
    Right,
    as_kept,
    check_rights,
    may_give,
    rights_of,
)
from accounts.services.profiles import Entity, field_of, grant_habilitation
from common.french import of
from establishments.models import AdministrativeBody
from journal.services import record

State = Profile.State


class AlreadyThereError(InvitationError):
    """The person has a living profile there; ``missing`` is what it lacks of what was prepared."""

    def __init__(self, message: str, profile: Profile, missing: list[Right]) -> None:
        self.profile, self.missing = profile, missing
        super().__init__(message)


@transaction.atomic
def invite(
    email: str,
    entity: Entity,
    rights: Sequence[Right],
    *,
    by: User,
    first_name: str = "",
    last_name: str = "",
    note: str = "",
    batch: uuid.UUID | None = None,
) -> Invitation:
    """Prepare a profile for whoever holds the address, and send them its link.

    At national level nothing leaves before another person has confirmed.
    """
    rights = [Right(*one) for one in dict.fromkeys(rights)]
    email = address_of(email)
    check_place(entity)
    check_rights(entity, rights, by)
    check_person(email, entity, rights, by=by)
    invitation = prepared(
        email,
        entity,
        rights,
        by=by,
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        note=note.strip(),
        batch=batch,
    )
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        raise InvitationError(_already_invited(email, entity)) from None
    record_about(
        "sent" if invitation.sent_at else "prepared", invitation, by=by, habilitations=told(rights)
    )
    _tell(invitation, by)
    return invitation


@transaction.atomic
def confirm_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """The second person of the country agrees: the link leaves."""
    invitation = locked(invitation)
    if invitation.state != Invitation.State.TO_CONFIRM:
        raise InvitationError(f"Cette invitation est {invitation.state.label} : rien n’a changé.")
    if by.pk == invitation.invited_by_id:
        raise InvitationError(
            "Vous avez préparé cette invitation : une autre personne de la cellule la confirme."
        )
    if by.email.lower() == invitation.email.lower():
        raise InvitationError("Cette invitation vous est adressée : une autre personne décide.")
    invitation.confirmed_by = by
    return _leave("confirmed", invitation, by)


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> Invitation:
    """Send a new link, good for 72 hours; the former one is worth nothing any more."""
    invitation = locked(invitation)
    if invitation.state not in (Invitation.State.SENT, Invitation.State.EXPIRED):
        raise InvitationError(f"Cette invitation est {invitation.state.label} : rien n’est parti.")
    return _leave("resent", invitation, by)


def _leave(verb: str, invitation: Invitation, by: User) -> Invitation:
    """A link leaves when the place and the person may still have what was prepared."""
    check_place(invitation.entity)
    check_rights(invitation.entity, rights_of(invitation), by)
    renew(invitation)
    record_about(verb, invitation, by=by)
    notify(Notice.INVITATION, invitation.pk)
    return invitation


@transaction.atomic
def cancel_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Take an invitation back: its link opens nothing any more."""
    invitation = locked(invitation)
    if invitation.accepted_at or invitation.cancelled_at:
        raise InvitationError(f"Cette invitation est déjà {invitation.state.label}.")
    check_cancel(invitation, by)
    invitation.cancelled_at = timezone.now()
    invitation.save(update_fields=["cancelled_at"])
    record_about("cancelled", invitation, by=by)
    return invitation


@transaction.atomic
def give_missing(email: str, entity: Entity, rights: Sequence[Right], *, by: User) -> Profile:
    """Give somebody whose profile is already active there what it lacks of these."""
    email = address_of(email)
    check_place(entity)
    check_rights(entity, rights, by)
    try:
        check_person(email, entity, rights, by=by)
    except AlreadyThereError as there:
        if not there.missing:
            raise
        for right in there.missing:
            grant_habilitation(
                there.profile,
                right.domain,
                right.role,
                by=by,
                starts_on=right.starts_on,
                ends_on=right.ends_on,
            )
        grant_automatic(there.profile, by=by)
        return there.profile
    raise InvitationError(f"{email} n’a pas encore de profil actif sur {entity} : invitez-le.")


def address_of(text: str) -> str:
    """The address as kept, in lower case: people capitalise it as they please."""
    email = text.strip().lower()
    try:
        Invitation._meta.get_field("email").clean(email, None)
    except ValidationError:
        raise InvitationError(
            f"« {text.strip()[:80]} » n’est pas une adresse électronique."
        ) from None
    return email


def prepared(
    email: str, entity: Entity, rights: Sequence[Right], *, by: User, **fields: Any
) -> Invitation:
    """The row to save; only below the national level is it sent at once."""
    level = level_of(entity, [right.role for right in rights])
    invitation = Invitation(
        email=email,
        level=level,
        rights=as_kept(rights),
        nonce=new_nonce(),
        invited_by=by,
        **{field_of(entity): entity},
        **fields,
    )
    if level != Level.NATIONAL:
        start(invitation, timezone.now())
    return invitation


def start(invitation: Invitation, now: datetime) -> None:
    invitation.sent_at, invitation.expires_at = now, now + LIFETIME


def renew(invitation: Invitation) -> None:
    """Give the invitation a new link and 72 hours."""
    invitation.nonce = new_nonce()
    start(invitation, timezone.now())
    fields = ["nonce", "sent_at", "expires_at", "confirmed_by"]
    invitation.save(update_fields=fields)


def locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=["self"]).select_related(
        "establishment__legal_entity", "legal_entity", "body", "invited_by"
    )
    found: Invitation = rows.get(pk=invitation.pk)
    return found


def check_place(entity: Entity) -> None:
    if not isinstance(entity, AdministrativeBody) and entity.closed_on:
        raise InvitationError(
            f"{entity} est fermé depuis le {entity.closed_on:%d/%m/%Y} : "
            "choisissez l’établissement qui l’a remplacé."
        )


def check_cancel(invitation: Invitation, by: User) -> None:
    """Who could not give all of it leaves it alone."""
    for right in rights_of(invitation):
        if not may_give(invitation.entity, right.role, by):
            raise InvitationError(
                f"Votre profil ne vous permet pas d’annuler une invitation à {invitation.entity}."
            )


def check_person(email: str, entity: Entity, rights: Sequence[Right], *, by: User) -> None:
    """Raise when this person needs no invitation there, and say what to do instead."""
    if email == by.email.lower():
        raise InvitationError("Cette adresse est la vôtre : personne ne décide pour soi.")
    user = person_named(email)
    if user is None:
        return
    if not user.is_active:
        raise InvitationError(f"Le compte de {email} est désactivé : il faut d’abord le rouvrir.")
    living = user.profiles.filter(**{field_of(entity): entity}, state__in=Profile.LIVING)
    if profile := living.prefetch_related("habilitations").first():
        raise already_there(profile, entity, rights)


def already_there(profile: Profile, entity: Entity, rights: Sequence[Right]) -> AlreadyThereError:
    """What to do about somebody who has a profile there: open it, or only give what it lacks."""
    held = {
        (right.domain, right.role)
        for right in profile.habilitations.all()
        if right.state == Habilitation.State.ACTIVE and not _has_ended(right)
    }
    missing = [right for right in rights if (right.domain, right.role) not in held]
    match profile.state:
        case State.PENDING:
            told = f"{profile.user} a déjà demandé un profil sur {entity} : décidez cette demande."
            missing = []
        case State.SUSPENDED:
            told = f"Le profil {of(profile.user)} sur {entity} est suspendu : rouvrez-le."
            missing = []
        case _ if missing:
            told = (
                f"{profile.user} a déjà un profil actif sur {entity} : donnez-lui directement ce "
                "qui manque, sans invitation."
            )
        case _:
            told = f"{profile.user} a déjà ce profil sur {entity}, avec ces habilitations."
    return AlreadyThereError(told, profile, missing)


def told(rights: Sequence[Right]) -> list[str]:
    return [right.label for right in rights]


def record_about(past: str, invitation: Invitation, *, by: User | None, **details: Any) -> None:
    """Write in the journal what happened to an invitation; its link is never there."""
    place = None if invitation.body_id else invitation.entity
    record(f"account.invitation_{past}", by=by, target=invitation, place=place, **details)


def _tell(invitation: Invitation, by: User) -> None:
    if invitation.sent_at:
        notify(Notice.INVITATION, invitation.pk)
    else:
        notify(Notice.INVITATION_TO_CONFIRM, invitation.pk)


def _already_invited(email: str, entity: Entity) -> str:
    living = Invitation.objects.living().filter(**{field_of(entity): entity}, email__iexact=email)
    invitation = living.first()
    if invitation is None:
        return f"{email} vient d’être invité sur {entity} : rien n’a changé."
    made = timezone.localtime(invitation.created_at)
    return (
        f"{email} est déjà invité sur {entity} depuis le {made:%d/%m/%Y} : retrouvez cette "
        "invitation dans la liste pour la renvoyer ou l’annuler."
    )


def _has_ended(right: Habilitation) -> bool:
    return right.ends_on is not None and right.ends_on < timezone.localdate()
