"""Which warehouse serves an order: a platform of SPF for the large, La Poste for the others [004].

The national cell may turn a region or the country to SPF: see ``orders.services.rerouting``.
"""

from dataclasses import dataclass

from establishments.models import AdministrativeBody
from orders.models import Beneficiary, Platform, Source
from orders.services.errors import OrderingError

Kind = AdministrativeBody.Kind


@dataclass(frozen=True, slots=True)
class Route:
    """The warehouse that serves, and for Santé publique France which platform of it."""

    operator: AdministrativeBody
    platform: Platform | None
    why: str


def route_of(
    beneficiary: Beneficiary | None, region_id: str | None, source: Source = Source.STATE
) -> Route:
    """Say who serves. ``beneficiary`` is None for an ARS that orders on its pool."""
    if source == Source.CONSORTIUM:
        return Route(_body(Kind.CONSORTIUM), None, "Produits du consortium, livrés par lui.")
    platform = beneficiary.platform if beneficiary else None
    if platform is not None:
        why = "Grand établissement : servi en direct par une plateforme de Santé publique France."
        return Route(_body(Kind.SPF), platform, why)
    return Route(_body(Kind.LA_POSTE), None, "Servi par l’entrepôt de La Poste.")


def _body(kind: Kind) -> AdministrativeBody:
    found = AdministrativeBody.objects.filter(kind=kind).order_by("pk").first()
    if found is None:
        raise OrderingError("Aucun entrepôt n’est déclaré pour servir cette commande.")
    return found
