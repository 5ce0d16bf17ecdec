"""A doctrine, capacities and a share-out in one call each."""

from datetime import date

from common.weeks import current_week
from orders.models import (
    Allocation,
    Basis,
    Capacity,
    Doctrine,
    DoctrineGroup,
    GroupCategory,
    Ratio,
)
from orders.services.allocating import compute
from orders.services.allocations import Settings
from tests.builders import make_category, make_establishment
from tests.orders.builders import make_beneficiary, make_doctrine, make_item

AS_OF = date(2020, 11, 2)


def make_rule(doctrine, category="500", per_week=15, item=None, basis=Basis.PLACE, label="EHPAD"):
    """The ratio of an item for a category."""
    group, _ = DoctrineGroup.objects.get_or_create(doctrine=doctrine, label=label, basis=basis)
    place = make_category(category)
    GroupCategory.objects.get_or_create(doctrine=doctrine, group=group, category=place)
    return Ratio.objects.create(group=group, item=item or make_item(), per_week=per_week)


def make_doctrine_with(**ratios):
    """``c500=15``: fifteen a week and place for category 500."""
    doctrine = make_doctrine(label="Doctrine d’essai")
    for name, per_week in ratios.items():
        make_rule(doctrine, name.removeprefix("c"), per_week, label=f"Groupe {name}")
    return doctrine


def make_place(capacity=80, basis=Basis.PLACE, **fields):
    """A private establishment with its capacity (None: unknown), and its row of beneficiary."""
    fields = {"category": make_category("500"), "siret": "9" * 14} | fields
    site = make_establishment(**fields)
    set_capacity(site, capacity, basis)
    return make_beneficiary(site)


def set_capacity(site, quantity, basis=Basis.PLACE):
    if quantity is not None:
        Capacity.objects.update_or_create(
            establishment=site,
            basis=basis,
            defaults={"quantity": quantity, "as_of": AS_OF, "source": "FINESS"},
        )


def make_draft(item=None, doctrine=None, **fields):
    """A share-out being prepared, computed."""
    defaults = {"starts_on": current_week(), "pool": 100_000, "pack": 50}
    doctrine = doctrine or Doctrine.objects.first() or make_doctrine_with(c500=15)
    draft = Allocation.objects.create(item=item or make_item(), doctrine=doctrine,
                                      **defaults | fields)  # fmt: skip
    compute(draft)
    return draft


def settings_of(draft, **changes):
    """What a draft is computed with, as a form would send it back."""
    found = {
        name: getattr(draft, name)
        for name in ("doctrine", "starts_on", "pool", "pack", "pools_percent", "reserve_percent",
                     "floor_packs", "item_factor", "ends_on", "note")
    }  # fmt: skip
    regions = {one.region_id: one.factor for one in draft.region_factors.all()}
    return Settings(**found | {"regions": regions} | changes)
