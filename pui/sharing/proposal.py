"""The proposal of a share-out: the fair share of a quantity, with what it comes from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Final

from common.cover import CoverOfSums, days_of_cover
from establishments.models import Region
from pui.medicine import Medicine
from pui.models import PharmacyShare
from pui.sharing.fair import Claim, Shares, share
from pui.sharing.needs import Need, day_required, read_needs

ZERO: Final = Decimal(0)
NO_REGION: Final = "Sans région"


@dataclass(frozen=True, slots=True)
class RegionTold:
    """A region in the proposal: how many are served, its total, its cover before and after."""

    region: Region | None
    total: int
    served: int
    blocked: int
    before: Decimal | None
    after: Decimal | None

    @property
    def name(self) -> str:
        return self.region.name if self.region else NO_REGION


@dataclass(frozen=True)
class Proposal:
    """``computed_on``: the due day that makes a pharmacy fresh."""

    medicine: Medicine
    quantity: int
    pack: int
    computed_on: date
    needs: Sequence[Need]
    shares: Shares

    def given(self, need: Need) -> int:
        return self.shares.given[need.pui.pk]

    @cached_property
    def mark(self) -> str:
        """Changes as soon as one pharmacy would be given another quantity."""
        told = [(one.pui.pk, self.given(one), one.block) for one in self.needs]
        return sha256(repr(told).encode()).hexdigest()[:24]

    @property
    def served(self) -> list[Need]:
        """The largest quantities first."""
        found = [one for one in self.needs if self.given(one)]
        return sorted(found, key=lambda one: (-self.given(one), one.pui.pk))

    @property
    def blocked(self) -> list[tuple[str, int]]:
        """How many pharmacies each reason leaves out, in words."""
        counted = Counter(one.block for one in self.needs if one.block)
        return [(str(PharmacyShare.Block(name).label), counted[name]) for name in sorted(counted)]

    @cached_property
    def regions(self) -> list[RegionTold]:
        """In order of name; those without a region last."""
        groups: dict[str, list[Need]] = {}
        for one in self.needs:
            groups.setdefault(one.pui.establishment.region_id or "", []).append(one)
        told = [self._region(found) for found in groups.values()]
        return sorted(told, key=lambda one: (one.region is None, one.name))

    def _region(self, needs: Sequence[Need]) -> RegionTold:
        total = sum(self.given(one) for one in needs)
        stock = sum((one.stock or ZERO for one in needs if one.may_be_served), ZERO)
        daily = sum((one.daily or ZERO for one in needs if one.may_be_served), ZERO)
        return RegionTold(
            region=needs[0].pui.establishment.region,
            total=total,
            served=sum(1 for one in needs if self.given(one)),
            blocked=sum(1 for one in needs if not one.may_be_served),
            before=CoverOfSums(stock, daily).days,
            after=days_of_cover(stock + total, daily),
        )


def propose(medicine: Medicine, quantity: int, pack: int, now: datetime) -> Proposal:
    """From what is declared now; nothing is written."""
    needs = read_needs(medicine, now)
    claims = [
        Claim(one.pui.pk, one.stock or ZERO, one.daily or ZERO, bool(one.block)) for one in needs
    ]
    return Proposal(
        medicine, quantity, pack, day_required(now), needs, share(quantity, claims, pack=pack)
    )
