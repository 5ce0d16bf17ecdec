"""Invitations: sent by those who decide, accepted by whoever holds the address."""

from accounts.services.invitations.accepting import (
    accept,
    ask_again,
    check_usable,
    is_for,
    may_ask_again,
    open_account,
)
from accounts.services.invitations.inviting import (
    AlreadyThereError,
    cancel_invitation,
    confirm_invitation,
    give_missing,
    invite,
    resend,
)
from accounts.services.invitations.links import invitation_from, link_of, token_of
from accounts.services.invitations.refusals import InvitationError, LinkError
from accounts.services.invitations.rights import Right, may_give, rights_of, roles_to_give

__all__ = [
    "AlreadyThereError",
    "InvitationError",
    "LinkError",
    "Right",
    "accept",
    "ask_again",
    "cancel_invitation",
    "check_usable",
    "confirm_invitation",
    "give_missing",
    "invitation_from",
    "invite",
    "is_for",
    "link_of",
    "may_ask_again",
    "may_give",
    "open_account",
    "resend",
    "rights_of",
    "roles_to_give",
    "token_of",
]
