"""Compare two share-outs of an item before one is published: who gains, who loses, what blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.cover import Level, days_of_cover, level
from common.home import Figure
from common.numbers import format_decimal, format_integer, format_percent
from establishments.models import Region
from orders.models import Allocation, GroupCategory
from orders.quotas.checks import Totals, obstacles, totals_of
from orders.quotas.pairing import Sums, sums_by_region, whole
from orders.quotas.words import agreed

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region, its two shares, what it holds; ``name`` is France for the whole."""

    name: str
    code: str
    sums: Sums

    @property
    def change_text(self) -> str:
        return signed(self.sums.change)

    @property
    def percent_text(self) -> str:
        return percent_text(self.sums.change_percent)

    def per_place(self, units: int) -> float | None:
        return units / self.sums.places if self.sums.places else None

    @property
    def was_per_place(self) -> str:
        return each(self.per_place(self.sums.was))

    @property
    def becomes_per_place(self) -> str:
        return each(self.per_place(self.sums.becomes))

    @property
    def days_text(self) -> str:
        days = days_of_cover(self.sums.stock, self.sums.daily)
        return "inconnue" if days is None else f"{format_decimal(days, places=1)}\u00a0j"

    @property
    def level(self) -> Level:
        return level(self.sums.stock if self.sums.daily else None, self.sums.daily or None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a`` may be missing: nothing is in force yet."""

    a: Allocation | None
    b: Allocation
    rows: Sequence[RegionRow]
    france: RegionRow
    totals_a: Totals | None
    totals_b: Totals
    is_whole: bool  # of all the beneficiaries

    @property
    def sums(self) -> Sums:
        return self.france.sums

    @property
    def obstacles(self) -> list[str]:
        return obstacles(self.totals_b)

    @property
    def figures(self) -> list[Figure]:
        sums, totals = self.sums, self.totals_b
        was = format_integer(sums.was)
        compared = f"A\u00a0: {was}, soit {self.france.percent_text}" if self.a else "Rien avant"
        left = format_integer(self.totals_a.left) if self.totals_a else NOTHING
        return [
            Figure(
                "Distribué par semaine",
                format_integer(sums.becomes),
                "avec B",
                compared,
                indicator="contingent-autorise",
            ),
            Figure(
                "Bénéficiaires qui gagnent",
                format_integer(sums.more),
                format_percent(sums.more, sums.beneficiaries),
                f"ne changent pas\u00a0: {format_integer(sums.same)}\u00a0; perdent\u00a0: "
                f"{format_integer(sums.less)}",
            ),
            Figure(
                "Sous 7\u00a0jours après livraison",
                format_integer(sums.short_becomes),
                agreed("bénéficiaires", sums.short_becomes),
                f"A\u00a0: {format_integer(sums.short_was)}",
                indicator="couverture-epi",
            ),
            Figure(
                "Réserve de l’État restante",
                format_integer(totals.left),
                "avec B",
                f"A\u00a0: {left}\u00a0; stock {format_integer(totals.stock)}",
            ),
        ]


def compare(
    a: Allocation | None, b: Allocation, categories: Sequence[str] | None = None
) -> Comparison:
    found = sums_by_region(a, b, categories)
    names = dict(Region.objects.values_list("pk", "name"))
    rows = [
        RegionRow(names.get(one.region_id or "", "Sans région"), one.region_id or "", one)
        for one in found
    ]
    rows.sort(key=lambda row: (-(row.sums.change_percent or 0), row.name))
    return Comparison(
        a=a,
        b=b,
        rows=rows,
        france=RegionRow("France", "", whole(found)),
        totals_a=totals_of(a, b.starts_on) if a else None,
        totals_b=totals_of(b),
        is_whole=categories is None,
    )


def groups_of(doctrine_id: int) -> dict[str, list[str]]:
    """The groups of a doctrine, each with the codes of its categories."""
    found: dict[str, list[str]] = {}
    rows = GroupCategory.objects.filter(doctrine=doctrine_id).order_by("group__rank", "group")
    for label, code in rows.values_list("group__label", "category"):
        found.setdefault(label, []).append(code)
    return found


def each(number: float | None) -> str:
    return NOTHING if number is None else format_decimal(number, places=1)


def signed(number: int) -> str:
    return "=" if not number else f"{'+' if number > 0 else ''}{format_integer(number)}"


def percent_text(number: float | None) -> str:
    if number is None:
        return "nouveau"
    text = format_decimal(number, places=1)
    return "=" if not number else f"{'+' if number > 0 else ''}{text}\u00a0%"
