"""Whom a pharmacy calls about its lines: the ARS and the OMEDIT of its region [000]."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from establishments.models import AdministrativeBody
from pui.models import Pui

Kind = AdministrativeBody.Kind


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    mailbox: str


def contacts_of(user: User, puis: Sequence[Pui]) -> list[Contact]:
    """OMEDIT then ARS, of each region; a mailbox that nobody wrote is blank.

    Somebody whose site has no pharmacy yet reads those of that site.
    """
    regions = {one.establishment.region_id for one in puis} or {_region_of(user)}
    bodies = AdministrativeBody.objects.filter(
        kind__in=(Kind.ARS, Kind.OMEDIT), region__in=regions - {None}
    ).select_related("region")
    rows = sorted(bodies, key=lambda one: (one.region_id or "", one.kind == Kind.ARS, one.pk))
    return [
        Contact(one.name, one.mailbox or (one.region.mailbox if one.kind == Kind.ARS else ""))
        for one in rows
        if one.region
    ]


def _region_of(user: User) -> str | None:
    profile = user.active_profile
    region: str | None = getattr(profile.entity, "region_id", None) if profile else None
    return region
