"""First and second injections by department of the recipients: ordered, received, vaccinated."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import QuerySet, Sum

from accounts.models import User
from common.charts.country_map import country_map
from common.charts.figure import Figure, LegendItem
from common.charts.region_map import region_map
from common.charts.values import MapValue
from common.columns import Column, Table
from common.cover import Level
from common.numbers import format_integer, format_percent
from establishments.models import Department
from establishments.perimeter import Action
from vaccines.corrections.tables import number
from vaccines.models import Reception, SupplyLine

# share of what was asked that is done; the word of the map is that of the house
STEPS: Final = (
    (50, Level.SHORTAGE, "moins de 50\u00a0%"),
    (80, Level.CRITICAL, "de 50 à moins de 80\u00a0%"),
    (95, Level.TENSE, "de 80 à moins de 95\u00a0%"),
)
ENOUGH: Final = "95\u00a0% et plus"


class Rank(StrEnum):
    """Which injection the map shows."""

    FIRST = "1"
    SECOND = "2"

    @property
    def label(self) -> str:
        return "1res injections" if self is Rank.FIRST else "2es injections"

    @property
    def question(self) -> str:
        if self is Rank.FIRST:
            return "Personnes vaccinées (1re) pour 100 doses commandées en 1re injection"
        return "Doses de rappel commandées pour 100 personnes vaccinées (1re)"


@dataclass(frozen=True, slots=True)
class Covered:
    """The sums of a department, in doses and people; None: nobody typed any."""

    code: str
    name: str
    region: str
    first: int | None
    second: int | None
    planned: int | None
    received: int | None
    vaccinated: int | None

    def share(self, rank: Rank) -> str:
        return format_percent(*self.pair(rank), without="–")

    def pair(self, rank: Rank) -> tuple[int, int]:
        if rank is Rank.FIRST:
            return self.vaccinated or 0, self.first or 0
        return self.second or 0, self.vaccinated or 0

    def level(self, rank: Rank) -> Level:
        done, asked = self.pair(rank)
        if not asked:
            return Level.UNKNOWN
        percent = 100 * done / asked
        return next((level for below, level, _ in STEPS if percent < below), Level.SUFFICIENT)


SUMMED: Final = {
    "first": "first_doses",
    "second": "second_doses",
    "planned": "planned_doses",
    "vaccinated": "vaccinated",
}


def coverage_of(user: User) -> list[Covered]:
    """Of the lines that nobody took away; in two statements."""
    lines = SupplyLine.objects.for_user(user, to=Action.VAC_READ).standing()
    sums = lines.order_by().values("recipient__department")
    totals = {name: Sum(field) for name, field in SUMMED.items()}
    found = {one["recipient__department"]: one for one in sums.annotate(**totals)}
    received = _received(lines)
    rows = Department.objects.filter(code__in=[code for code in found if code])
    return [
        Covered(
            one.code,
            one.name,
            one.region.name if one.region else "",
            received=received.get(one.code),
            **{name: found[one.code][name] for name in SUMMED},
        )
        for one in rows.select_related("region").order_by("code")
    ]


def _received(lines: QuerySet[SupplyLine]) -> dict[str, int]:
    rows = Reception.objects.filter(line__in=lines.order_by().values("pk")).order_by()
    grouped = rows.values("line__recipient__department").annotate(sum=Sum("doses"))
    return {one["line__recipient__department"]: one["sum"] for one in grouped}


def coverage_table() -> Table:
    def told(header: str, name: str) -> Column:
        def value(row: Covered) -> Any:
            return getattr(row, name)

        return Column(header, value, lambda row: number(value(row)), is_number=True)

    return Table(
        "couverture",
        "Couverture des injections par département",
        [
            Column("Département", lambda row: f"{row.name} ({row.code})"),
            Column("Région", lambda row: row.region, under=True),
            told("Doses commandées, 1res injections", "first"),
            told("Doses commandées, 2es injections (rappels)", "second"),
            told("Doses prévues", "planned"),
            told("Doses reçues", "received"),
            told("Personnes vaccinées (1re)", "vaccinated"),
            *(Column(f"Couverture, {rank.label}", _share(rank), is_number=True) for rank in Rank),
        ],
    )


def _share(rank: Rank) -> Any:
    return lambda row: row.share(rank)


def map_of(rows: list[Covered], rank: Rank, *, is_country: bool) -> Figure:
    """The departments of a region, or those of the country."""
    values = [_map_value(one, rank) for one in rows]
    title = f"{rank.label}, par département"
    draw = country_map if is_country else region_map
    drawing = draw("carte", title, values)
    return Figure(
        ident="couverture-carte",
        caption=title,
        drawing=drawing,
        legend=_legend(rows, rank),
        note=f"{rank.question}. Les personnes vaccinées peuvent être plus nombreuses que les doses "
        "commandées\u00a0: un flacon donne parfois plus que prévu.",
    )


def _map_value(row: Covered, rank: Rank) -> MapValue:
    level = row.level(rank)
    done, asked = row.pair(rank)
    return MapValue(
        code=row.code,
        value_text=row.share(rank),
        level=level.value,
        title=f"{row.name}\u00a0: {row.share(rank)} ({format_integer(done)} sur "
        f"{format_integer(asked)}).",
    )


def _legend(rows: list[Covered], rank: Rank) -> list[LegendItem]:
    levels = [one.level(rank) for one in rows]
    ranges = {level: text for _, level, text in STEPS} | {Level.SUFFICIENT: ENOUGH}
    return [
        LegendItem(f"legende-{level.value}", level.value, ranges.get(level, "rien de saisi"))
        for level in Level
        if level in ranges or level in levels
    ]
