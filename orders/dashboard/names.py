"""The names of what the summaries know by their codes, read once for a page."""

from dataclasses import dataclass, field

from epi_stocks.models import EpiItem
from establishments.models import (
    AdministrativeBody,
    Department,
    EstablishmentCategory,
    Region,
)
from orders.dashboard.scope import Scope

WITHOUT_REGION, WITHOUT_DEPARTMENT = "Sans région", "Sans département"
WAREHOUSES = ("spf", "la_poste")


@dataclass(frozen=True)
class Names:
    items: dict[int, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    categories: dict[str, EstablishmentCategory] = field(default_factory=dict)
    operators: dict[int, str] = field(default_factory=dict)

    def category(self, code: str) -> str:
        found = self.categories.get(code)
        return found.label if found else code

    def short_category(self, code: str) -> str:
        found = self.categories.get(code)
        return (found.short_label or found.label) if found else code


def names_for(scope: Scope) -> Names:
    """The places are those of a row: regions of the country, departments of a region."""
    regions = dict(Region.objects.values_list("pk", "name"))
    places = regions | {"": WITHOUT_REGION}
    if scope.region:
        rows = Department.objects.filter(region=scope.region).values_list("pk", "name")
        places = {code: f"{name} ({code})" for code, name in rows} | {"": WITHOUT_DEPARTMENT}
    return Names(
        items={one.pk: one.label for one in EpiItem.objects.top()},
        places=places,
        regions=regions,
        categories={one.pk: one for one in EstablishmentCategory.objects.all()},
        operators=dict(
            AdministrativeBody.objects.filter(kind__in=WAREHOUSES).values_list("pk", "name")
        ),
    )
