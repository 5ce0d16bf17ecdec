"""Which warehouse serves an order: a platform of SPF for the large, La Poste for the others [004].

The national cell may turn a region or the country to SPF: see ``orders.services.rerouting``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from establishments.models import AdministrativeBody
from orders.models import Beneficiary, OrderingRule, Platform, Source
from orders.services.errors import OrderingError

Kind = AdministrativeBody.Kind
LARGE = "Grand établissement\u00a0: servi en direct par une plateforme de Santé publique France."
USUAL = "Servie par l’entrepôt de La Poste."
NO_WAREHOUSE = "Aucun entrepôt n’est déclaré pour servir cette commande."


# Whether its region is served that day, the hours of that day, and the warehouse: of the region
# that somebody turned to SPF, else of the country, else La Poste. As ``rules.served_regions`` and
# ``OrderingRule.on``, but at once: it is on the way of each order.
TERMS = """
SELECT body.*, reroute.reason AS reroute_reason, rule.editable_until, rule.preparation_days,
       EXISTS (SELECT FROM orders_servedregion span
                WHERE span.region_id = %(region)s AND span.starts_on <= %(day)s
                  AND (span.ends_on IS NULL OR span.ends_on >= %(day)s)) AS is_served
  FROM establishments_administrativebody body
  LEFT JOIN LATERAL (
       SELECT reason FROM orders_reroute
        WHERE ended_at IS NULL AND (region_id IS NULL OR region_id = %(region)s)
        ORDER BY region_id NULLS LAST LIMIT 1) reroute ON true
  LEFT JOIN LATERAL (
       SELECT editable_until, preparation_days FROM orders_orderingrule
        WHERE starts_on <= %(day)s ORDER BY starts_on DESC LIMIT 1) rule ON true
 WHERE body.kind = CASE WHEN %(is_large)s OR reroute.reason IS NOT NULL THEN 'spf'
                        ELSE 'la_poste' END
 ORDER BY body.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Route:
    """The warehouse that serves, and for Santé publique France which platform of it."""

    operator: AdministrativeBody
    platform: Platform | None
    why: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law of a day says of an order: who serves it, whether, until when it changes."""

    route: Route
    is_served: bool
    rule: OrderingRule


def terms_of(beneficiary: Beneficiary | None, region_id: str | None, day: date) -> Terms:
    """``beneficiary`` is None for an ARS that orders on its pool. One statement."""
    platform = beneficiary.platform if beneficiary else None
    asked = {"region": region_id, "day": day, "is_large": platform is not None}
    found: Any = next(iter(AdministrativeBody.objects.raw(TERMS, asked)), None)
    if found is None:
        raise OrderingError(NO_WAREHOUSE)
    why = f"Réacheminé vers Santé publique France\u00a0: {found.reroute_reason}"
    if platform is not None:
        why = LARGE
    elif found.reroute_reason is None:
        why = USUAL
    rule = OrderingRule(starts_on=day)
    if found.editable_until is not None:
        rule.editable_until, rule.preparation_days = found.editable_until, found.preparation_days
    return Terms(Route(found, platform, why), found.is_served, rule)


def route_of(
    beneficiary: Beneficiary | None, region_id: str | None, source: Source = Source.STATE
) -> Route:
    """Say who serves today."""
    if source == Source.CONSORTIUM:
        return Route(body_of(Kind.CONSORTIUM), None, "Produits du consortium, livrés par lui.")
    return terms_of(beneficiary, region_id, timezone.localdate()).route


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


def body_of(kind: AdministrativeBody.Kind) -> AdministrativeBody:
    found = AdministrativeBody.objects.filter(kind=kind).order_by("pk").first()
    if found is None:
        raise OrderingError(NO_WAREHOUSE)
    return found
