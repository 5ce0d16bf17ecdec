"""Why an invitation goes no further; each message is the sentence for the person."""

from accounts.models import Invitation
from accounts.services.errors import AccountError


class InvitationError(AccountError):
    """The invitation cannot be made, sent or accepted."""


class LinkError(InvitationError):
    """The link opens nothing any more; ``invitation`` is what it was for, when that is known."""

    def __init__(self, message: str, invitation: Invitation | None = None) -> None:
        self.invitation = invitation
        super().__init__(message)
