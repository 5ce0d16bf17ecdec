"""What explains one quota: the sites counted, the factors, the share, what was ordered."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import prod

from common.weeks import PARIS, shift
from establishments.models import Establishment
from orders.models import Allocation, Basis, Quota, QuotaExtra, Share
from orders.quotas.sharing import WHOLE, share_of
from orders.quotas.words import agreed, exact_text, inside, percent_text

ONE = Decimal(1)
SHOWN_SITES = 5  # more are folded


@dataclass(frozen=True, slots=True)
class Site:
    """An establishment counted: ``capacity`` × ``ratio`` units a week, when both are known."""

    establishment: Establishment | None
    category: str
    group: str
    basis: str
    capacity: int | None
    ratio: Decimal | None
    as_of: date | None
    source: str

    @property
    def units(self) -> Decimal:
        if self.capacity is None or self.ratio is None:
            return Decimal(0)
        return self.capacity * self.ratio

    @property
    def is_known(self) -> bool:
        return self.capacity is not None and self.ratio is not None

    @property
    def counted_in(self) -> str:
        """« places », « lit » after a number; « places » when it is not known."""
        plural = f"{Basis(self.basis).label}s" if self.basis else ""
        return agreed(plural, 2 if self.capacity is None else self.capacity)

    @property
    def one(self) -> str:
        return str(Basis(self.basis).label) if self.basis else ""

    @property
    def ratio_text(self) -> str:
        return exact_text(self.ratio or Decimal(0))

    @property
    def units_text(self) -> str:
        return exact_text(self.units)


@dataclass(frozen=True, slots=True)
class Use:
    """What one order took off the quota, net of what it gave back."""

    number: str
    order_id: int
    at: datetime
    quantity: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One quota, step by step. Without ``share``, nothing was computed for it."""

    quota: Quota
    allocation: Allocation
    share: Share | None
    sites: tuple[Site, ...] = ()
    region_factor: Decimal = ONE
    adjustment: Decimal = ONE
    reason: str = ""
    extras: tuple[QuotaExtra, ...] = ()
    uses: tuple[Use, ...] = ()

    @property
    def item_name(self) -> str:
        """As it is written after the sum of the sites."""
        return agreed(inside(self.allocation.item.plural), self.sum_of_sites)

    @property
    def item_name_of_ratio(self) -> str:
        """As it is written after the ratio of a place alone: « × 1 masque FFP2 »."""
        ratio = self.sites[0].ratio if self.sites else None
        return agreed(inside(self.allocation.item.plural), ratio or Decimal(0))

    @property
    def item_factor(self) -> Decimal:
        return self.allocation.item_factor

    @property
    def item_factor_text(self) -> str:
        return exact_text(self.item_factor)

    @property
    def region_factor_text(self) -> str:
        return exact_text(self.region_factor)

    @property
    def adjustment_text(self) -> str:
        return exact_text(self.adjustment)

    @property
    def has_factors(self) -> bool:
        return bool(self.factors)

    @property
    def factors(self) -> list[Decimal]:
        known = (self.item_factor, self.region_factor, self.adjustment)
        return [one for one in known if one != ONE]

    @property
    def sum_of_sites(self) -> Decimal:
        return sum((one.units for one in self.sites), Decimal(0))

    @property
    def sum_text(self) -> str:
        return exact_text(self.sum_of_sites)

    @property
    def need_text(self) -> str:
        return exact_text(self.sum_of_sites * prod(self.factors, start=ONE))

    @property
    def is_known(self) -> bool:
        """Whether at least one site gives something to multiply."""
        return any(one.is_known for one in self.sites)

    @property
    def why_nothing(self) -> str:
        """Why no site gives anything, in the words of the one that comes nearest to it."""
        if self.share is None:
            return "Pas de part dans cette répartition"
        awaited = [one for one in self.sites if one.ratio is not None]
        if awaited:
            return f"Nombre de {awaited[0].counted_in} inconnu"
        if any(one.group for one in self.sites):
            return f"La doctrine ne prévoit pas de {inside(self.allocation.item.plural)} ici"
        return "Catégorie hors de la doctrine"

    @property
    def pack(self) -> int:
        return self.allocation.pack

    @property
    def need_packs(self) -> int:
        return self.share.need_packs if self.share else 0

    @property
    def need_units(self) -> int:
        return self.need_packs * self.pack

    @property
    def is_rounded(self) -> bool:
        """Whether whole packs give more than the need itself."""
        return exact_text(Decimal(self.need_units)) != self.need_text

    @property
    def is_short(self) -> bool:
        """Whether the pool does not cover all the needs."""
        return (self.allocation.level or 0) < WHOLE

    @property
    def level_text(self) -> str:
        return percent_text(self.allocation.level or 0)

    @property
    def floor(self) -> int:
        return self.allocation.floor_served

    @property
    def is_raised(self) -> bool:
        """Whether the floor gives more than the level."""
        level = self.allocation.level or 0
        return self.share_packs > share_of(self.need_packs, level, 0)

    @property
    def share_packs(self) -> int:
        return self.share.granted_packs if self.share else 0

    @property
    def share_units(self) -> int:
        return self.share_packs * self.pack

    @property
    def reserve(self) -> int:
        """Units that exceptional extras may still take."""
        return self.allocation.reserve or 0

    @property
    def extra_units(self) -> int:
        return sum(one.standing for one in self.extras)

    @property
    def kept_units(self) -> int:
        """Units above the calculation because they were ordered before it."""
        return self.quota.granted - self.share_units - self.extra_units

    @property
    def granted(self) -> int:
        return self.quota.granted

    @property
    def remaining(self) -> int:
        return self.quota.remaining

    @property
    def is_renewed(self) -> bool:
        return self.allocation.renews_id is not None

    @property
    def decision(self) -> Allocation:
        """The decision of people, of which this week may be a new calculation."""
        return self.allocation.renews or self.allocation

    @property
    def resets_at(self) -> datetime:
        """Monday at midnight, in Paris."""
        return datetime.combine(shift(self.quota.week, 1), time(0), tzinfo=PARIS)

    @property
    def folds_sites(self) -> bool:
        return len(self.sites) > SHOWN_SITES
