"""The letters of the invitations: to the person invited, and to those who invite."""

from django.conf import settings
from django.utils import timezone

from accounts.audience import national_deciders
from accounts.models import Invitation
from accounts.notices.letters.letter import Letter, active_person, link, quoted
from accounts.services.invitations import link_of, rights_of

State = Invitation.State


def sent(number: int, about: int | None) -> Letter | None:
    """To the address invited: the link, while it is worth something."""
    invitation = _invitation(number)
    if invitation is None or invitation.state != State.SENT:
        return None
    until = timezone.localtime(invitation.expires_at)
    context = _context(invitation) | {
        "link": link_of(invitation, settings.SITE_URL),
        "note": quoted(invitation.note),
        "until": f"{until:%d/%m/%Y} à {until.hour}\u00a0h\u00a0{until:%M}",
    }
    return Letter("invitation", invitation.email, context)


def accepted(number: int, about: int | None) -> Letter | None:
    """To whoever invited: the person has come."""
    invitation = _invitation(number)
    if invitation is None or invitation.accepted_by is None:
        return None
    if not invitation.invited_by.is_active:
        return None
    context = _context(invitation) | {
        "name": quoted(str(invitation.invited_by)),
        "guest": quoted(str(invitation.accepted_by)),
    }
    return Letter("invitation_accepted", invitation.invited_by.email, context)


def to_confirm(number: int, about: int | None) -> Letter | None:
    """To another person of the country: without them the invitation does not leave."""
    invitation, person = _invitation(number), active_person(about or 0)
    if invitation is None or person is None or invitation.state != State.TO_CONFIRM:
        return None
    context = _context(invitation) | {
        "name": quoted(str(person)),
        "invitations_link": link("plage:invitation", invitation.pk),
    }
    return Letter("invitation_to_confirm", person.email, context)


def confirmers(number: int) -> list[int]:
    """Those of the country who did not prepare it themselves."""
    invitation = _invitation(number)
    if invitation is None:
        return []
    return sorted(national_deciders() - {invitation.invited_by_id})


def _invitation(number: int) -> Invitation | None:
    rows = Invitation.objects.with_entity().select_related("invited_by", "accepted_by")
    return rows.filter(pk=number).first()


def _context(invitation: Invitation) -> dict[str, object]:
    names = f"{invitation.first_name} {invitation.last_name}".strip()
    return {
        "name": quoted(names),
        "email": invitation.email,
        "inviter": quoted(str(invitation.invited_by)),
        "entity": str(invitation.entity),
        "rights": [right.label for right in rights_of(invitation)],
    }
