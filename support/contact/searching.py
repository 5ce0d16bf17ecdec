"""The request whose number is typed in the search of the platform."""

import re

from django.urls import reverse

from accounts.models import User
from common.search import Hit
from establishments.perimeter import Action
from support.models import Ticket

NUMBER = re.compile(r"AS[\s-]*\d{4}[\s-]*0*(\d{1,9})", re.IGNORECASE)


def ticket_numbered(user: User, text: str) -> Hit | None:
    """One's own, or one routed to this person's service: « as 2026 123 »."""
    asked = NUMBER.fullmatch(text.strip())
    if not asked or not user.is_authenticated:
        return None
    pk = int(asked[1])
    own = Ticket.objects.own(user).filter(pk=pk).select_related("subject").first()
    if own:
        return Hit(own.number, reverse("support:ticket", args=[pk]), str(own.subject))
    rows = Ticket.objects.kept().for_user(user, to=Action.TICKET_ANSWER).filter(pk=pk)
    found = rows.select_related("subject").first()
    if found is None:
        return None
    return Hit(found.number, reverse("support:inbox_ticket", args=[pk]), str(found.subject))
