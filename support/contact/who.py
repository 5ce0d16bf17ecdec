"""« Qui contacter »: the mailboxes of the administrations, from data, with their day."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from accounts.models import User
from common.french import alphabetical
from establishments.models import AdministrativeBody, Region
from support.models import MailboxChange
from support.services.mailboxes import may_change

Kind = AdministrativeBody.Kind


REGIONAL = (Kind.ARS, Kind.OMEDIT)


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


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region, and the mailboxes of its agency and of its OMEDIT; either may lack."""

    region: Region
    agency: Line | None
    omedit: Line | None


def rows_by_region(user: User | None, own: str | None) -> list[RegionRow]:
    """One's own region first, then in the order of a dictionary."""
    found: dict[Region, dict[str, Line]] = {}
    for line in lines_of(REGIONAL, user):
        if line.body.region:
            found.setdefault(line.body.region, {}).setdefault(line.body.kind, line)
    rows = [
        RegionRow(region, kinds.get(Kind.ARS), kinds.get(Kind.OMEDIT))
        for region, kinds in found.items()
    ]
    return sorted(rows, key=lambda one: one.region.pk != own)
