"""Whom a pharmacy writes to when the needs are closed: its agency and its OMEDIT."""

from establishments.models import AdministrativeBody, Establishment

Kind = AdministrativeBody.Kind


def desks_of(site: Establishment) -> list[AdministrativeBody]:
    """The agency before the OMEDIT; none where the region is not known."""
    if site.region_id is None:
        return []
    rows = AdministrativeBody.objects.filter(
        kind__in=(Kind.ARS, Kind.OMEDIT), region=site.region_id
    )
    return sorted(rows, key=lambda one: one.kind != Kind.ARS)
