"""Which doctrine is in force, what it covers, and the capacities it multiplies.

The one definition of a need, of an item and a week:

- the need of a **site** is its capacity in the basis of its category's group, times the group's
  ratio of the item;
- a site without capacity known in that basis, without group, or whose group has no ratio of the
  item counts 0, and is said so;
- the need of a **beneficiary** that is an establishment (ET) is that of its site; that of a legal
  entity (EJ), the sum over its open sites in beneficiary categories.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from establishments.models import Establishment, EstablishmentCategory
from establishments.rules import beneficiary_categories
from orders.models import Basis, Beneficiary, Capacity, Doctrine, DoctrineGroup, GroupCategory


@dataclass(frozen=True, slots=True)
class SiteCapacity:
    """A site that counts for a beneficiary: its group, its capacity in the basis of the group.

    ``known``: its capacities by basis. ``why`` it counts 0 whatever the item; empty: it counts.
    """

    site: Establishment
    group: DoctrineGroup | None
    known: dict[str, Capacity]

    @property
    def counted(self) -> Capacity | None:
        return self.known.get(self.group.basis) if self.group else None

    @property
    def why(self) -> str:
        if self.group is None:
            return "sa catégorie n’est dans aucun groupe de la doctrine"
        if self.counted is None:
            return f"le nombre de {Basis(self.group.basis).label}s n’est pas connu"
        return ""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A beneficiary category in no group: what its places order is not foreseen."""

    category: EstablishmentCategory
    beneficiaries: int


def doctrine_on(day: date) -> Doctrine | None:
    """The last begun; of two begun the same day, the last written."""
    return Doctrine.objects.filter(starts_on__lte=day).order_by("-starts_on", "-pk").first()


def groups_by_category(doctrine: Doctrine | None) -> dict[str, DoctrineGroup]:
    rows = GroupCategory.objects.filter(doctrine=doctrine).select_related("group")
    return {one.category_id: one.group for one in rows} if doctrine else {}


def capacities_of(
    beneficiary_ids: Collection[int], day: date | None = None
) -> dict[int, list[SiteCapacity]]:
    """The sites of each beneficiary, by its number, in five statements whatever their number."""
    day = day or timezone.localdate()
    by_site, by_entity = _numbers(beneficiary_ids)
    inside = Q(pk__in=by_site) | Q(
        legal_entity__in=by_entity, category__in=beneficiary_categories(day)
    )
    sites = Establishment.objects.open().filter(inside).select_related("category")
    found: dict[int, list[SiteCapacity]] = {pk: [] for pk in beneficiary_ids}
    for one in site_capacities(sites.order_by("sort_name", "finess"), day):
        for beneficiary in (
            by_site.get(one.site.pk),
            by_entity.get(one.site.legal_entity_id),
        ):
            if beneficiary is not None:
                found[beneficiary].append(one)
    return found


def site_capacities(sites: Collection[Establishment], day: date) -> list[SiteCapacity]:
    """What is known of these sites, and how the doctrine of a day counts them."""
    sites, groups = list(sites), groups_by_category(doctrine_on(day))
    known: dict[int, dict[str, Capacity]] = defaultdict(dict)
    for row in Capacity.objects.filter(establishment__in=[one.pk for one in sites]):
        known[row.establishment_id][row.basis] = row
    return [SiteCapacity(one, groups.get(one.category_id), known[one.pk]) for one in sites]


def _numbers(ids: Collection[int]) -> tuple[dict[int, int], dict[int, int]]:
    """The beneficiary of each establishment, and of each legal entity."""
    rows = Beneficiary.objects.filter(pk__in=ids)
    found = list(rows.values_list("pk", "establishment", "legal_entity"))
    return (
        {site: pk for pk, site, _ in found if site},
        {entity: pk for pk, _, entity in found if entity},
    )


def uncovered(codes: Collection[str], day: date) -> list[Uncovered]:
    """The beneficiary categories of that day that are not among ``codes``, the largest first."""
    missing = beneficiary_categories(day) - frozenset(codes)
    counts: dict[str, int] = defaultdict(int)
    listed = Beneficiary.objects.filter(is_listed=True).order_by()
    for path in ("establishment", "legal_entity__establishments"):
        inside = {f"{path}__category__in": missing, f"{path}__closed_on": None}
        rows = listed.filter(**inside).values_list(f"{path}__category")
        for code, count in rows.annotate(count=Count("pk", distinct=True)):
            counts[code] += count
    categories = EstablishmentCategory.objects.filter(pk__in=missing)
    found = [Uncovered(one, counts[one.pk]) for one in categories]
    return sorted(found, key=lambda one: (-one.beneficiaries, one.category.pk))
