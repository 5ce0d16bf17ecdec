"""Accept an invitation: its link proved the address, so that what was prepared opens at once."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Habilitation, Invitation, Profile, User
from accounts.notices import Notice, notify
from accounts.services.automatic import grant_automatic
from accounts.services.ended import release_ended
from accounts.services.invitations.inviting import check_place, locked, record_about, renew
from accounts.services.invitations.refusals import InvitationError, LinkError
from accounts.services.invitations.rights import Right, may_still_give, rights_of
from accounts.services.profiles import field_of
from accounts.services.withdrawal import close_answered

State = Profile.State
ASKED_AGAIN_WITHIN = timedelta(days=30)
INVITED = "Sur invitation."


def check_usable(invitation: Invitation) -> None:
    """Raise the sentence that says why a link opens nothing any more, and what to do."""
    match invitation.state:
        case Invitation.State.ACCEPTED:
            raise LinkError(
                f"Ce lien a déjà servi le {_day(invitation.accepted_at)}. "
                "Connectez-vous : ce qu’il préparait est ouvert.",
                invitation,
            )
        case Invitation.State.CANCELLED:
            raise LinkError(
                f"Cette invitation a été annulée le {_day(invitation.cancelled_at)}.", invitation
            )
        case Invitation.State.TO_CONFIRM:
            raise LinkError("Cette invitation attend encore d’être confirmée.", invitation)
        case Invitation.State.EXPIRED:
            raise LinkError(
                f"Ce lien n’est plus valable depuis le {_day(invitation.expires_at)}.", invitation
            )
    check_place(invitation.entity)
    _check_inviters(invitation)


@transaction.atomic
def accept(invitation: Invitation, *, user: User) -> Profile:
    """Open for ``user``, who holds the address, the profile and habilitations prepared."""
    invitation = locked(invitation)
    check_usable(invitation)
    if user.pk in (invitation.invited_by_id, invitation.confirmed_by_id):
        raise InvitationError(
            "Vous avez préparé ou confirmé cette invitation : personne ne décide pour soi."
        )
    if not is_for(invitation, user):
        raise InvitationError(
            f"Cette invitation est adressée à {invitation.email} : connectez-vous avec le compte "
            "de cette adresse."
        )
    return _open(invitation, user)


@transaction.atomic
def open_account(invitation: Invitation, *, first_name: str, last_name: str, password: str) -> User:
    """Make the account of somebody new, its address proved by the link, and accept for them."""
    invitation = locked(invitation)
    check_usable(invitation)
    user = User(
        username=get_adapter().generate_unique_username([first_name, last_name]),
        email=invitation.email,
        first_name=first_name,
        last_name=last_name,
    )
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError:
        raise InvitationError(
            f"Un compte vient d’être ouvert avec l’adresse {invitation.email} : connectez-vous "
            "pour accepter l’invitation."
        ) from None
    record_about("account_opened", invitation, by=user)
    _open(invitation, user)
    return user


@transaction.atomic
def ask_again(invitation: Invitation) -> Invitation:
    """Send a new link to the same address, for whoever holds one that has expired.

    It tells nothing new to anybody: it goes to the address that was invited. Past a month, or when
    who invited decides there no more, somebody has to think again.
    """
    invitation = locked(invitation)
    if not may_ask_again(invitation):
        raise InvitationError(
            "Un nouveau lien ne peut pas être envoyé d’ici : écrivez à la personne qui vous a "
            "invité."
        )
    check_place(invitation.entity)
    _check_inviters(invitation)
    renew(invitation)
    record_about("asked_again", invitation, by=None)
    notify(Notice.INVITATION, invitation.pk)
    return invitation


def may_ask_again(invitation: Invitation) -> bool:
    """Whether the link only expired, and not too long ago."""
    return (
        invitation.state == Invitation.State.EXPIRED
        and invitation.expires_at is not None
        and invitation.expires_at > timezone.now() - ASKED_AGAIN_WITHIN
    )


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the invitation is addressed to this account."""
    return user.email.lower() == invitation.email.lower()


def _check_inviters(invitation: Invitation) -> None:
    """What somebody prepared falls with their right to give it."""
    inviters = [one for one in (invitation.invited_by, invitation.confirmed_by) if one]
    for right in rights_of(invitation):
        for person in inviters:
            if not may_still_give(invitation.entity, right, person):
                raise LinkError(
                    f"La personne qui vous a invité ne décide plus des accès à "
                    f"{invitation.entity} : demandez une nouvelle invitation.",
                    invitation,
                )


def _open(invitation: Invitation, user: User) -> Profile:
    """The decision is that of who invited; at national level, of who confirmed after them."""
    profile = _profile_for(invitation, user)
    release_ended(profile)
    for right in rights_of(invitation):
        if not right.is_over:
            _give(profile, right, invitation)
    close_answered(profile, by=_decider(invitation), reason=INVITED)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    user.forget_rights()
    record_about("accepted", invitation, by=user, invited_by=invitation.invited_by.username)
    notify(Notice.INVITATION_ACCEPTED, invitation.pk)
    grant_automatic(profile, by=None)
    user.forget_rights()
    return profile


def _profile_for(invitation: Invitation, user: User) -> Profile:
    """Their profile there, open from now on; one that was suspended stays so."""
    entity = invitation.entity
    living = Profile.objects.filter(
        user=user, state__in=Profile.LIVING, **{field_of(entity): entity}
    )
    profile: Profile | None = living.select_for_update(of=["self"]).first()
    if profile is None:
        profile = Profile(user=user, **{field_of(entity): entity})
    elif profile.state == State.SUSPENDED:
        raise InvitationError(
            f"Votre profil sur {entity} est suspendu : une invitation ne le rouvre pas. "
            "Un administrateur peut le faire."
        )
    elif profile.state == State.ACTIVE:
        return profile
    profile.state, profile.reason = State.ACTIVE, INVITED
    profile.decided_at, profile.decided_by = timezone.now(), _decider(invitation)
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        raise InvitationError(
            f"Votre profil sur {entity} vient d’être demandé ou ouvert : acceptez de nouveau "
            "l’invitation."
        ) from None
    return profile


def _give(profile: Profile, right: Right, invitation: Invitation) -> None:
    """Put a right in force; one that was only asked for becomes it."""
    decision = {
        "state": Habilitation.State.ACTIVE,
        "starts_on": right.starts_on,
        "ends_on": right.ends_on,
        "decided_at": timezone.now(),
        "decided_by": _decider(invitation),
        "reason": INVITED,
    }
    held = profile.habilitations.filter(domain=right.domain, role=right.role)
    if held.filter(state=Habilitation.State.ACTIVE).exists():
        return
    if not held.filter(state=Habilitation.State.PENDING).update(**decision):
        Habilitation.objects.create(
            profile=profile, domain=right.domain, role=right.role, **decision
        )


def _decider(invitation: Invitation) -> User:
    return invitation.confirmed_by or invitation.invited_by


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}" if moment else ""
