"""Who answers a request: by its subject, and by the region of the place."""

from dataclasses import dataclass

from establishments.models import AdministrativeBody, Region
from support.models import Service
from support.models.ticket import said

Kind = AdministrativeBody.Kind
BODIES = {Service.SPF: Kind.SPF, Service.NATIONAL: Kind.NATIONAL}


@dataclass(frozen=True, slots=True)
class Route:
    """A service, and the administration that is it; none: the support."""

    service: str
    body: AdministrativeBody | None = None
    waits_for_region: bool = False

    @property
    def name(self) -> str:
        if self.waits_for_region:
            return "L’ARS de votre région"
        return said(self.body)


SUPPORT = Route(Service.SUPPORT)


def route_of(service: str, region: Region | None) -> Route:
    """The support answers for whom does not exist: a region unknown, an agency not created."""
    body = body_of(service, region)
    return Route(service, body) if body else SUPPORT


def body_of(service: str, region: Region | None) -> AdministrativeBody | None:
    if service == Service.AGENCY:
        found = AdministrativeBody.objects.filter(kind=Kind.ARS, region=region)
        return found.order_by("pk").first() if region else None
    kind = BODIES.get(Service(service))
    bodies = AdministrativeBody.objects.filter(kind=kind)
    return bodies.order_by("pk").first() if kind else None


def announced(service: str, region: Region | None) -> Route:
    """As ``route_of``, before it is known where somebody is: the agency of their region."""
    if service == Service.AGENCY and region is None:
        return Route(service, waits_for_region=True)
    return route_of(service, region)
