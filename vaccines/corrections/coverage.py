"""First and second injections by department of the recipients: ordered, received, vaccinated."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import QuerySet, Sum
from django.urls import reverse

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

# share of what was asked that is done; the colours are those of the house, not its words
STEPS: Final = (
    (50, Level.SHORTAGE, "Faible", "moins de 50\u00a0%"),
    (80, Level.CRITICAL, "Partielle", "de 50 à moins de 80\u00a0%"),
    (95, Level.TENSE, "Avancée", "de 80 à moins de 95\u00a0%"),
)
ENOUGH: Final = ("Atteinte", "95\u00a0% et plus")
NOTHING: Final = ("Sans donnée", "rien de saisi")
SAID: Final = {level: (word, text) for _, level, word, text in STEPS} | {
    Level.SUFFICIENT: ENOUGH,
    Level.UNKNOWN: NOTHING,
}


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
            return (
                "Personnes vaccinées (1re) pour 100 doses commandées en 1re injection, livraisons "
                "à venir comprises. Elles peuvent être plus nombreuses que les doses\u00a0: un "
                "flacon donne parfois plus que prévu."
            )
        return (
            "Doses de rappel commandées pour 100 personnes vaccinées (1re). Quand les deux "
            "diffèrent, la PUI dit pourquoi en commentaire."
        )


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
        """« – » as long as nobody typed what is done: blank is not 0."""
        done, asked = self.pair(rank)
        return "–" if done is None else format_percent(done, asked, without="–")

    def pair(self, rank: Rank) -> tuple[int | None, int]:
        if rank is Rank.FIRST:
            return self.vaccinated, self.first or 0
        return self.second, self.vaccinated or 0

    def level(self, rank: Rank) -> Level:
        done, asked = self.pair(rank)
        if done is None or not asked:
            return Level.UNKNOWN
        percent = 100 * done / asked
        return next((level for below, level, _, _ in STEPS if percent < below), Level.SUFFICIENT)


INDICATORS: Final = {Rank.FIRST: "premieres-injections", Rank.SECOND: "rappels"}
SUMMED: Final = {
    "first": "first_doses",
    "second": "second_doses",
    "planned": "planned_doses",
    "vaccinated": "vaccinated",
}


def coverage_of(user: User, region: str = "") -> list[Covered]:
    """Of the lines that nobody took away, of the pharmacies of a region; in two statements."""
    lines = SupplyLine.objects.for_user(user, to=Action.VAC_READ).standing()
    if region:
        lines = lines.filter(pui__establishment__region=region)
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


def coverage_table(*, is_country: bool = True) -> Table:
    def told(header: str, name: str, indicator: str = "") -> Column:
        def value(row: Covered) -> Any:
            return getattr(row, name)

        return Column(
            header,
            value,
            lambda row: number(value(row)),
            is_number=True,
            indicator=indicator,
        )

    return Table(
        "couverture",
        "Couverture des injections par département",
        [
            Column("Département", lambda row: f"{row.name} ({row.code})"),
            Column(
                "Région",
                lambda row: row.region,
                lambda row: row.region if is_country else "",
                under=True,
            ),
            told("Doses commandées, 1res injections", "first"),
            told("Doses commandées, 2es injections (rappels)", "second"),
            told("Doses prévues", "planned"),
            told("Doses reçues", "received", "doses-recues"),
            told("Personnes vaccinées (1re)", "vaccinated"),
            *(
                Column(
                    f"Couverture, {rank.label}",
                    _share(rank),
                    is_number=True,
                    indicator=INDICATORS[rank],
                )
                for rank in Rank
            ),
        ],
    )


def _share(rank: Rank) -> Any:
    return lambda row: row.share(rank)


def map_of(rows: list[Covered], rank: Rank, *, is_country: bool) -> Figure:
    """The departments of a region, or those of the country."""
    values = [_map_value(one, rank) for one in rows]
    title = f"{rank.label}, par département"
    draw = country_map if is_country else region_map
    return Figure(
        ident="couverture-carte",
        indicator=INDICATORS[rank],
        caption=title,
        drawing=draw("carte", title, values),
        legend=_legend(rows, rank),
        note=rank.question,
    )


def _map_value(row: Covered, rank: Rank) -> MapValue:
    level = row.level(rank)
    done, asked = row.pair(rank)
    word, _ = SAID[level]
    return MapValue(
        code=row.code,
        value_text=row.share(rank),
        level=level.value,
        title=f"{row.name}\u00a0: {row.share(rank)} ({number(done)} sur {number(asked)}), "
        f"{word.lower()}. Voir ses lignes.",
        href=f"{reverse('vaccines:followed')}?departement={row.code}",
        own_word=word,
    )


def _legend(rows: list[Covered], rank: Rank) -> list[LegendItem]:
    counts = Counter(one.level(rank) for one in rows)
    return [
        LegendItem(
            f"legende-{level.value}",
            level.value,
            text,
            count_text=f"{counts[level]}\u00a0dép.",
            own_word=word,
        )
        for level, (word, text) in SAID.items()
        if level is not Level.UNKNOWN or counts[level]
    ]


def summary_of(rows: list[Covered], rank: Rank) -> str:
    """The whole territory in a sentence."""
    pairs = [one.pair(rank) for one in rows]
    done, asked = sum(one or 0 for one, _ in pairs), sum(one for _, one in pairs)
    share = format_percent(done, asked, without="–")
    if rank is Rank.FIRST:
        return (
            f"{format_integer(done)} personnes vaccinées pour {format_integer(asked)} doses "
            f"commandées en 1re injection\u00a0: {share}"
        )
    return (
        f"{format_integer(done)} doses de rappel commandées pour {format_integer(asked)} personnes "
        f"vaccinées\u00a0: {share}"
    )
