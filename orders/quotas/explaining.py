"""« Pourquoi ce contingent ? »: each quota with all that its calculation used, read from its share.

Everything shown recomputes to ``granted``: a test does it from the page alone. Constant number of
queries, whatever the number of quotas.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Min, Sum

from establishments.models import Establishment
from orders.models import Allocation, DoctrineGroup, Movement, Quota, QuotaExtra, Share
from orders.quotas.explanation import ONE, Explanation, Site, Use

__all__ = ["Explanation", "explained"]


def explained(quotas: Iterable[Quota]) -> dict[int, Explanation]:
    """Explain quotas, each by its number."""
    asked = list(quotas)
    shares = _shares_of(asked)
    allocations = _allocations_of(asked)
    extras, uses = _extras_of(asked), _uses_of(asked)
    described = Described.of(shares.values())
    found = {}
    for one in asked:
        share = shares.get((one.allocation_id, one.beneficiary_id))
        inputs: Mapping[str, Any] = share.inputs if share else {}
        found[one.pk] = Explanation(
            quota=one,
            allocation=allocations[one.allocation_id],
            share=share,
            sites=tuple(map(described.site, inputs.get("sites", ()))),
            region_factor=Decimal(inputs.get("region", ONE)),
            adjustment=Decimal(inputs.get("adjustment", ONE)),
            reason=inputs.get("reason", ""),
            extras=tuple(extras[one.pk]),
            uses=tuple(uses[one.pk]),
        )
    return found


def _shares_of(quotas: Collection[Quota]) -> dict[tuple[int, int], Share]:
    rows = Share.objects.filter(
        allocation__in={one.allocation_id for one in quotas},
        beneficiary__in={one.beneficiary_id for one in quotas},
    )
    return {(one.allocation_id, one.beneficiary_id): one for one in rows.order_by()}


def _allocations_of(quotas: Collection[Quota]) -> dict[int, Allocation]:
    rows = Allocation.objects.select_related("item", "doctrine", "renews")
    return rows.in_bulk({one.allocation_id for one in quotas})


def _extras_of(quotas: Collection[Quota]) -> dict[int, list[QuotaExtra]]:
    found = defaultdict(list)
    for one in QuotaExtra.objects.filter(quota__in=quotas).order_by("given_at", "pk"):
        found[one.quota_id].append(one)
    return found


def _uses_of(quotas: Collection[Quota]) -> dict[int, list[Use]]:
    rows = Movement.objects.filter(quota__in=quotas).order_by()
    sums = rows.values("quota", "order", "order__number").annotate(
        quantity=Sum("quantity"), first=Min("at")
    )
    found = defaultdict(list)
    for row in sorted(sums, key=lambda row: (row["first"], row["order"])):
        if row["quantity"]:
            use = Use(row["order__number"] or "", row["order"], row["first"], row["quantity"])
            found[row["quota"]].append(use)
    return found


@dataclass(frozen=True, slots=True)
class Described:
    """The names of what the shares only number."""

    establishments: Mapping[int, Establishment]
    groups: Mapping[int, str]

    @classmethod
    def of(cls, shares: Iterable[Share]) -> "Described":
        told = [site for share in shares for site in share.inputs.get("sites", ())]
        places = Establishment.objects.select_related("category").in_bulk({one[0] for one in told})
        groups = DoctrineGroup.objects.filter(pk__in={one[5] for one in told} - {None})
        return cls(places, dict(groups.order_by().values_list("pk", "label")))

    def site(self, told: list[Any]) -> Site:
        place, category, capacity, basis, ratio, group, as_of, source = told
        return Site(
            establishment=self.establishments.get(place),
            category=category,
            group=self.groups.get(group, ""),
            basis=basis or "",
            capacity=capacity,
            ratio=None if ratio is None else Decimal(ratio),
            as_of=date.fromisoformat(as_of) if as_of else None,
            source=source or "",
        )
