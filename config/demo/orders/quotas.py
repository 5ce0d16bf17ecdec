"""Share-outs of three equipments since two weeks, one proposed, one draft to compare.

Quantities are parts of the needs, so that the demonstration is short of what it should be short of.
"""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from common.weeks import current_week, shift
from epi_stocks.models import EpiItem
from orders.doctrine.reading import doctrine_on
from orders.models import Allocation, Beneficiary, Product, Share
from orders.quotas.stock import state_stock
from orders.services.allocations import (
    Settings,
    adjust,
    change_draft,
    create_draft,
    version_of,
)
from orders.services.publishing import propose, renew_all
from orders.services.quota_weeks import write_week

FFP2, GLOVES, GOWNS = 2, 4, 5
PARTS = {FFP2: 112, GLOVES: 115, GOWNS: 62}  # percent of the needs, by item
WINTER = 110  # of what the doctrine to come asks
OF_STOCK = 90  # percent of what the State holds, at most
POOLS, KEPT = Decimal(5), Decimal(2)
FACTORS = {"24": Decimal("1.25"), "84": Decimal("1.10"), "44": Decimal("1.10")}
LESS = Decimal("0.60")
MAKER, OTHER = "national@demo.example", "national2@demo.example"


def build_quotas() -> None:
    """Add what is missing; the weeks are those that the task worker would have made."""
    if not Allocation.objects.exists():
        maker = User.objects.get(email=MAKER)
        since = shift(current_week(), -2)
        for item, part in PARTS.items():
            _publish(maker, EpiItem.objects.get(pk=item), since, part)
        for week in (shift(since, 1), current_week()):
            renew_all(week=week)
        _draft_better_masks(maker)
        _propose_gowns()
    renew_all()


def _publish(by: User, item: EpiItem, since: date, part: int) -> None:
    """As if two people had published it two weeks ago: nobody publishes in the past."""
    row = _draft(by, item, since, part, since)
    row.state = Allocation.State.PUBLISHED
    row.proposed_by, row.proposed_at = by, timezone.now()
    row.published_by, row.published_at = User.objects.get(email=OTHER), timezone.now()
    row.save()
    write_week(row)


def _draft(by: User, item: EpiItem, starts_on: date, part: int, on: date) -> Allocation:
    """First with more than everybody needs, to know what they need; then with a part of it."""
    doctrine = doctrine_on(on)
    packs = Product.objects.of_state().filter(item=item).values_list("units_per_pack", flat=True)
    settings = Settings(doctrine=doctrine, starts_on=starts_on, pool=999_999_999,
                        pack=max(packs, default=1), pools_percent=Decimal(0))  # fmt: skip
    row = create_draft(by=by, item=item, settings=settings)
    return _cut(by, row, settings, part)


def _cut(by: User, row: Allocation, settings: Settings, part: int) -> Allocation:
    needs = Share.objects.filter(allocation=row).values_list("need_packs", flat=True)
    most = state_stock(row.item_id, row.starts_on) * OF_STOCK // 100
    pool = min(sum(needs) * row.pack * part // 100, most)
    settings = Settings(
        doctrine=settings.doctrine,
        starts_on=settings.starts_on,
        pool=pool,
        pack=settings.pack,
        pools_percent=POOLS,
        reserve_percent=KEPT,
        regions=FACTORS if part == WINTER else {},
    )
    return change_draft(by=by, draft=row, settings=settings, seen=version_of(row))


def _draft_better_masks(by: User) -> None:
    """The doctrine to come, more for three regions, less for one establishment: to compare."""
    monday = shift(current_week(), 1)
    row = _draft(by, EpiItem.objects.get(pk=FFP2), monday, WINTER, monday)
    largest = Share.objects.filter(allocation=row).order_by("-need_packs", "beneficiary").first()
    if largest is not None:
        beneficiary = Beneficiary.objects.get(pk=largest.beneficiary_id)
        reason = "Stock déclaré de plus de six semaines"
        adjust(by=by, draft=row, beneficiary=beneficiary, factor=LESS, reason=reason)


def _propose_gowns() -> None:
    """By the second person: the first publishes it in the demonstration."""
    other = User.objects.get(email=OTHER)
    item = EpiItem.objects.get(pk=GOWNS)
    row = _draft(other, item, shift(current_week(), 1), 66, current_week())
    propose(by=other, draft=row, seen=version_of(row))
