"""Whom a pharmacy calls about its lines: the ARS and the OMEDIT of its region [000]."""

from collections.abc import Sequence
from dataclasses import dataclass

from establishments.models import AdministrativeBody
from pui.models import Pui

Kind = AdministrativeBody.Kind


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    mailbox: str


def contacts_of(puis: Sequence[Pui]) -> list[Contact]:
    """OMEDIT then ARS, of each region; a mailbox that nobody wrote is blank."""
    regions = {one.establishment.region_id for one in puis} - {None}
    bodies = AdministrativeBody.objects.filter(
        kind__in=(Kind.ARS, Kind.OMEDIT), region__in=regions
    ).select_related("region")
    rows = sorted(bodies, key=lambda one: (one.region_id or "", one.kind == Kind.ARS, one.pk))
    return [
        Contact(one.name, one.mailbox or (one.region.mailbox if one.kind == Kind.ARS else ""))
        for one in rows
        if one.region
    ]
