"""Where an ARS reads what waits for it: its mailbox, else those who administer it."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.deciders import ARS, rights_from
from establishments.mailboxes import agency_mailbox, national_mailboxes
from establishments.models import AdministrativeBody, Region


@dataclass(frozen=True, slots=True)
class Silent:
    """A region whose ARS has no mailbox; ``people`` of it are written to in its place."""

    region: Region
    people: int


def agency_addresses(region: Region | None) -> list[str]:
    """Of the ARS; of the national cell for a place without ARS."""
    if region is None:
        return national_mailboxes()
    mailbox = agency_mailbox(region)
    return [mailbox] if mailbox else administrators_of([region])[region.pk]


def administrators_of(regions: Collection[Region]) -> dict[str, list[str]]:
    """By code of region, the addresses where mails of those who administer its ARS go."""
    found: dict[str, list[str]] = {one.pk: [] for one in regions}
    rights = rights_from({(ARS, code) for code in found})
    for right in rights.select_related("profile__user", "profile__body").order_by("pk"):
        addresses = found[right.profile.body.region_id]
        if right.profile.mail_address not in addresses:
            addresses.append(right.profile.mail_address)
    return found


def agencies_without_mailbox() -> list[Silent]:
    """The regions whose ARS reads nothing, or reads it at the addresses of its people."""
    own = AdministrativeBody.objects.filter(kind=AdministrativeBody.Kind.ARS).exclude(mailbox="")
    regions = list(Region.objects.filter(mailbox="").exclude(pk__in=own.values("region")))
    people = administrators_of(regions)
    return [Silent(one, len(people[one.pk])) for one in regions]
