"""Which warehouse serves an order: a platform of SPF for the large, La Poste for the others [004].

The national cell may turn a region or the country to SPF: see ``orders.services.rerouting``.
"""

from dataclasses import dataclass

from django.db.models import Q

from establishments.models import AdministrativeBody
from orders.models import Beneficiary, Platform, Reroute, Source
from orders.services.errors import OrderingError

Kind = AdministrativeBody.Kind
LARGE = "Grand établissement\u00a0: servi en direct par une plateforme de Santé publique France."
USUAL = "Servi par l’entrepôt de La Poste."


@dataclass(frozen=True, slots=True)
class Route:
    """The warehouse that serves, and for Santé publique France which platform of it."""

    operator: AdministrativeBody
    platform: Platform | None
    why: str


def route_of(
    beneficiary: Beneficiary | None, region_id: str | None, source: Source = Source.STATE
) -> Route:
    """Say who serves. ``beneficiary`` is None for an ARS that orders on its pool.

    Two statements at most: it is on the way of each order.
    """
    if source == Source.CONSORTIUM:
        return Route(body_of(Kind.CONSORTIUM), None, "Produits du consortium, livrés par lui.")
    platform = beneficiary.platform if beneficiary else None
    if platform is not None:
        return Route(body_of(Kind.SPF), platform, LARGE)
    reroute = reroute_of(region_id)
    if reroute is not None:
        why = f"Réacheminé vers Santé publique France\u00a0: {reroute.reason}"
        return Route(body_of(Kind.SPF), None, why)
    return Route(body_of(Kind.LA_POSTE), None, USUAL)


class Routes:
    """The same for many orders, asked once for all those of a region without platform."""

    def __init__(self) -> None:
        self.known: dict[tuple[int | None, str | None], Route] = {}

    def of(self, beneficiary: Beneficiary | None, region_id: str | None) -> Route:
        platform = beneficiary.platform_id if beneficiary else None
        key = (platform, region_id)
        if key not in self.known:
            self.known[key] = route_of(beneficiary, region_id)
        return self.known[key]


def reroute_of(region_id: str | None) -> Reroute | None:
    """The one in force there, its region's before the country's."""
    inside = Q(region__isnull=True)
    if region_id is not None:
        inside |= Q(region=region_id)
    found = sorted(Reroute.objects.in_force().filter(inside), key=lambda one: one.region_id is None)
    return found[0] if found else None


def body_of(kind: AdministrativeBody.Kind) -> AdministrativeBody:
    found = AdministrativeBody.objects.filter(kind=kind).order_by("pk").first()
    if found is None:
        raise OrderingError("Aucun entrepôt n’est déclaré pour servir cette commande.")
    return found
