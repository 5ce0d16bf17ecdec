"""What is checked before a share-out is published: passes, warns, or blocks."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from common.numbers import format_integer
from common.weeks import current_week
from orders.models import Allocation, Share
from orders.quotas.kept import kept_above
from orders.quotas.sharing import WHOLE
from orders.quotas.stock import state_stock
from orders.quotas.words import percent_text
from orders.rules import regions_in_tension


@dataclass(frozen=True, slots=True)
class Totals:
    """What a share-out gives, in units, and to how many."""

    allocation: Allocation
    beneficiaries: int
    shares: int
    at_zero: int  # with a need, and nothing because of the rounding
    unknown: int  # nothing to count: no capacity, or no ratio for their category
    stock: int
    kept: int = 0  # units above the shares: extras of the week, and what was ordered before

    @property
    def pools(self) -> int:
        return sum(self.allocation.pools.values()) * self.allocation.pack

    @property
    def level_text(self) -> str:
        return percent_text(self.allocation.level or 0)

    @property
    def covers(self) -> bool:
        """Whether every need is served whole."""
        return self.allocation.level == WHOLE

    @property
    def whole(self) -> int:
        return self.shares + self.pools + self.kept

    @property
    def left(self) -> int:
        """Units of the State stock that the week leaves; negative when it lacks some."""
        return self.stock - self.whole


def totals_of(allocation: Allocation, week: date | None = None) -> Totals:
    """``week``: of which the stock is looked at; that of the share-out by default."""
    week = week or allocation.starts_on
    found = Share.objects.filter(allocation=allocation).aggregate(
        beneficiaries=Count("pk"),
        packs=Sum("granted_packs"),
        at_zero=Count("pk", filter=Q(granted_packs=0, need_packs__gt=0)),
        unknown=Count("pk", filter=Q(need_packs=0)),
    )
    return Totals(
        allocation=allocation,
        beneficiaries=found["beneficiaries"],
        shares=(found["packs"] or 0) * allocation.pack,
        at_zero=found["at_zero"],
        unknown=found["unknown"],
        stock=state_stock(allocation.item_id, week),
        kept=kept_above(allocation, week),
    )


def obstacles(totals: Totals) -> list[str]:
    """What forbids to publish, each in a sentence; none: it may be."""
    found = []
    if totals.allocation.starts_on < current_week():
        found.append(
            f"La semaine du {totals.allocation.starts_on:%d/%m/%Y} est passée\u00a0: choisissez-en "
            "une autre."
        )
    if totals.allocation.doctrine.starts_on > totals.allocation.starts_on:
        found.append(
            f"«\u00a0{totals.allocation.doctrine}\u00a0» ne s’applique qu’à partir du "
            f"{totals.allocation.doctrine.starts_on:%d/%m/%Y}."
        )
    if not totals.shares:
        found.append("Aucune quantité n’est répartie.")
    if totals.allocation.regions != regions_in_tension(
        totals.allocation.item_id, totals.allocation.starts_on
    ):
        found.append("Les régions en tension ont changé depuis le calcul\u00a0: refaites-le.")
    if totals.left < 0:
        found.append(
            f"Le total et les pots communs ({format_integer(totals.whole)}{_kept_text(totals)}) "
            f"dépassent le stock de l’État ({format_integer(totals.stock)})."
        )
    if totals.at_zero:
        found.append(zero_text(totals.at_zero))
    return found


def _kept_text(totals: Totals) -> str:
    if not totals.kept:
        return ""
    kept = format_integer(totals.kept)
    return f", dont {kept} déjà commandés ou exceptionnels, au-dessus des parts"


def zero_text(count: int) -> str:
    if count == 1:
        return "1 bénéficiaire serait à 0 alors qu’il a un besoin."
    return f"{format_integer(count)} bénéficiaires seraient à 0 alors qu’ils ont un besoin."
