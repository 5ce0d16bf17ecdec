"""« Qui contacter »: the mailboxes of the administrations, from data, with their day."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from accounts.models import User
from common.french import alphabetical
from establishments.models import AdministrativeBody
from support.models import MailboxChange
from support.services.mailboxes import may_change

Kind = AdministrativeBody.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """A body; its mailbox, its day, and whether this person may change it."""

    body: AdministrativeBody
    mailbox: str
    checked_at: datetime | None
    may_change: bool


def lines_of(kinds: tuple[str, ...], user: User | None) -> list[Line]:
    """By region, in the order of a dictionary; constant in queries."""
    last = MailboxChange.objects.filter(body=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    rows = AdministrativeBody.objects.filter(kind__in=kinds).select_related("region")
    bodies = list(rows.annotate(checked_at=Subquery(last)))
    bodies.sort(key=lambda one: (alphabetical(one.region or ""), one.kind, one.pk))
    return [
        Line(
            one,
            one.mailbox or (one.region.mailbox if one.kind == Kind.ARS and one.region else ""),
            one.checked_at,
            bool(user and may_change(user, one)),
        )
        for one in bodies
    ]
