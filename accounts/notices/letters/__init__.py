"""Who receives each notice, and what it says, read from the rows as they are when it leaves."""

from collections.abc import Callable

from accounts.notices.letters import account, invitations, profiles, requests
from accounts.notices.letters.letter import Letter
from accounts.notices.queueing import Notice

__all__ = ["AUDIENCES", "LETTERS", "Letter"]

# the letter about a row, for a person when the row does not say who; None: nothing to say any more
LETTERS: dict[Notice, Callable[[int, int | None], Letter | None]] = {
    Notice.REQUEST_RECEIVED: requests.received,
    Notice.REQUESTS_WAITING: requests.waiting,
    Notice.REQUESTS_REMINDER: requests.reminder,
    Notice.REQUESTS_ESCALATED: requests.escalated,
    Notice.REQUESTS_MAILBOX: requests.mailbox,
    Notice.REQUEST_DECIDED: requests.decided,
    Notice.REQUEST_SECOND: requests.second,
    Notice.INVITATION: invitations.sent,
    Notice.INVITATION_ACCEPTED: invitations.accepted,
    Notice.INVITATION_TO_CONFIRM: invitations.to_confirm,
    Notice.PROFILE_CREATED: profiles.created,
    Notice.PROFILE_SUSPENDED: profiles.suspended,
    Notice.PROFILE_REOPENED: profiles.reopened,
    Notice.PROFILE_ENDED: profiles.ended,
    Notice.PROFILE_CONTACT_CHANGED: profiles.contact_changed,
    Notice.HABILITATION_GRANTED: profiles.granted,
    Notice.HABILITATION_CHANGED: profiles.changed,
    Notice.HABILITATION_REVOKED: profiles.revoked,
    Notice.ACCOUNT_UNLOCKED: account.unlocked,
    Notice.FACTOR_REMOVED: account.factor_removed,
    Notice.IDENTITY_CHANGED: account.identity_changed,
    Notice.ACCOUNT_CLOSED: account.closed,
}

# those that go to several people, each in a mail of their own: who they are
AUDIENCES: dict[Notice, Callable[[int], list[int]]] = {
    Notice.REQUEST_SECOND: requests.seconds,
    Notice.INVITATION_TO_CONFIRM: invitations.confirmers,
}
