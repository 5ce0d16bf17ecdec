"""The link of an invitation: signed, so that nobody makes one; tied to the last one sent.

A link carries the number of the invitation and its ``nonce``. Sending again changes the nonce, and
the former link is worth nothing. The database alone is not enough to make a link.
"""

import secrets

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Invitation
from accounts.services.invitations.refusals import LinkError

SIGNER = signing.Signer(salt="accounts.invitation", sep=".")
UNKNOWN = (
    "Ce lien d’invitation n’est pas reconnu. Ouvrez-le depuis le courriel, ou recopiez-le en "
    "entier : il a pu être coupé."
)


def new_nonce() -> str:
    return secrets.token_urlsafe(32)


def token_of(invitation: Invitation) -> str:
    """The secret part of the link; never written in the journal nor in a log."""
    return SIGNER.sign_object([invitation.pk, invitation.nonce])


def link_of(invitation: Invitation, site: str) -> str:
    """The whole link for the mail; ``site`` is « https://stocks.example »."""
    return f"{site.rstrip('/')}{reverse('invitation_accept', args=[token_of(invitation)])}"


def invitation_from(token: str) -> Invitation:
    """The invitation of a link, whatever its state; ``LinkError`` for one of ours no more."""
    try:
        number, nonce = SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkError(UNKNOWN) from None
    rows = Invitation.objects.select_related(
        "establishment__region", "legal_entity__region", "body", "invited_by"
    )
    invitation: Invitation | None = rows.filter(pk=number).first()
    if invitation is None:
        raise LinkError(UNKNOWN)
    if not constant_time_compare(invitation.nonce, nonce):
        raise LinkError(_replaced(invitation), invitation)
    return invitation


def _replaced(invitation: Invitation) -> str:
    if invitation.sent_at is None:
        return UNKNOWN
    sent = timezone.localtime(invitation.sent_at)
    return (
        f"Ce lien a été remplacé : un plus récent vous a été envoyé le {sent:%d/%m/%Y} à "
        f"{sent:%Hh%M}. Ouvrez celui-là."
    )
