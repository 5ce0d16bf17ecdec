"""What the comparison shows besides its figures: the checks, what changes, the drawings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from common.charts.country_map import country_map_by_region
from common.charts.figure import Figure, LegendItem
from common.charts.pair_chart import Pair, pair_chart
from common.charts.values import LEVELS, Level, MapValue
from common.numbers import format_integer
from establishments.models import Department
from orders.models import Allocation, Ratio
from orders.quotas.checks import Totals
from orders.quotas.comparing import NOTHING, Comparison, RegionRow, each
from orders.quotas.pairing import FALL
from orders.quotas.words import agreed, counted, exact_text, inside

OK, WARNING, BLOCKED, PLAIN = "ok", "attention", "erreur", ""
SHORTEST_NAMES = {
    "Bourgogne-Franche-Comté": "Bourgogne-Fr.-Comté",
    "Provence-Alpes-Côte d’Azur": "Provence-Alpes-C. d’Azur",
}


@dataclass(frozen=True, slots=True)
class State:
    """An icon and a sentence; without ``kind``, the sentence alone."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    label: str
    a: State
    b: State


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter of the calculation in A and in B."""

    label: str
    a: str
    b: str


WITHOUT = State(PLAIN, "sans objet")


def checks_of(found: Comparison) -> list[Check]:
    sums, a, b = found.sums, found.totals_a, found.totals_b
    return [
        Check(
            f"Total et pots communs ≤ stock de l’État ({format_integer(b.stock)})",
            _stock(a),
            _stock(b),
        ),
        Check("Aucun bénéficiaire à 0 par l’arrondi", _zero(a), _zero(b)),
        Check(
            "Couverture après livraison ≥ 7\u00a0jours",
            _short(sums.short_was) if a else WITHOUT,
            _short(sums.short_becomes),
        ),
        Check(
            f"Aucune baisse de plus de {FALL}\u00a0%", WITHOUT, _falls(sums.falls) if a else WITHOUT
        ),
        Check("Bénéficiaires sans besoin calculé", _unknown(a), _unknown(b)),
        Check(
            "Pots communs des régions",
            State(PLAIN, format_integer(a.pools)) if a else WITHOUT,
            State(PLAIN, format_integer(b.pools)),
        ),
    ]


def _stock(totals: Totals | None) -> State:
    if totals is None:
        return WITHOUT
    if totals.left < 0:
        lacks = format_integer(-totals.left)
        return State(BLOCKED, f"{format_integer(totals.whole)}, il manque {lacks}")
    return State(OK, f"{format_integer(totals.whole)}, reste {format_integer(totals.left)}")


def _zero(totals: Totals | None) -> State:
    if totals is None:
        return WITHOUT
    if totals.at_zero:
        return State(BLOCKED, f"{_count(totals.at_zero)} à 0 malgré un besoin. À corriger.")
    return State(OK, "aucun")


def _short(count: int) -> State:
    return State(WARNING, f"{_count(count)} dessous") if count else State(OK, "aucun dessous")


def _falls(count: int) -> State:
    return State(WARNING, _count(count)) if count else State(OK, "aucune")


def _unknown(totals: Totals | None) -> State:
    if totals is None:
        return WITHOUT
    return State(WARNING, _count(totals.unknown)) if totals.unknown else State(OK, "aucun")


def _count(number: int) -> str:
    return counted(number, "bénéficiaires")


def changes_of(a: Allocation | None, b: Allocation) -> list[Change]:
    """The parameters, then the ratios of the groups when the doctrine changes."""
    found = [
        Change("Doctrine", str(a.doctrine) if a else NOTHING, str(b.doctrine)),
        _change("Quantité par semaine", a, b, lambda one: format_integer(one.pool)),
        _change(
            "Part des pots communs", a, b, lambda one: f"{exact_text(one.pools_percent)}\u00a0%"
        ),
        _change("Réserve, en %", a, b, lambda one: exact_text(one.reserve_percent)),
        _change("Plancher, en colis", a, b, lambda one: format_integer(one.floor_packs)),
        _change("Unités par colis", a, b, lambda one: format_integer(one.pack)),
        _change("Coefficient de l’équipement", a, b, lambda one: exact_text(one.item_factor)),
        _change("Coefficients régionaux", a, b, _range),
    ]
    return [*found, *_ratios(a, b)]


def _change(
    label: str, a: Allocation | None, b: Allocation, told: Callable[[Allocation], str]
) -> Change:
    return Change(label, told(a) if a else NOTHING, told(b))


def _range(one: Allocation) -> str:
    factors = [row.factor for row in (one.renews or one).region_factors.all()]
    if not factors:
        return "1"
    lowest, highest = min([*factors, Decimal(1)]), max([*factors, Decimal(1)])
    return f"{exact_text(lowest)} à {exact_text(highest)}"


def _ratios(a: Allocation | None, b: Allocation) -> Iterator[Change]:
    doctrines = {one.doctrine_id for one in (a, b) if one}
    rows = Ratio.objects.filter(group__doctrine__in=doctrines, item=b.item_id)
    told: dict[str, dict[int, str]] = {}
    for one in rows.select_related("group").order_by("group__rank", "group"):
        label = f"{one.group}, par {one.group.get_basis_display()}"
        told.setdefault(label, {})[one.group.doctrine_id] = exact_text(one.per_week)
    for label, ratios in told.items():
        before = ratios.get(a.doctrine_id, NOTHING) if a else NOTHING
        yield Change(label, before, ratios.get(b.doctrine_id, NOTHING))


def chart_of(found: Comparison) -> SafeString:
    """Units by place and week, region by region, in the order of the table."""
    item = inside(found.b.item.plural)
    title = (
        f"{found.b.item.plural} par place et par semaine selon les répartitions A et B, par "
        "région, de la plus forte hausse à la plus forte baisse\u00a0; valeurs dans le tableau"
    )
    pairs = [_pair(row, item, has_a=found.a is not None) for row in found.rows]
    return pair_chart("ecarts", title, pairs)


def _pair(row: RegionRow, item: str, *, has_a: bool) -> Pair:
    before = row.per_place(row.sums.was) if has_a else None
    after = row.per_place(row.sums.becomes)
    return Pair(
        SHORTEST_NAMES.get(row.name, row.name),
        before,
        after,
        f"{row.name}, A\u00a0: {each(before)} {agreed(item, before or 0)} par place",
        f"{row.name}, B\u00a0: {each(after)} {agreed(item, after or 0)} par place",
    )


def map_of(found: Comparison) -> Figure:
    """The change of each region over its cover of today: a region that lacks and loses is seen."""
    values = [
        MapValue(
            row.code,
            row.percent_text,
            row.level.value,
            f"{row.name}\u00a0: {row.percent_text} ({row.change_text}), couverture {row.days_text}",
            name=row.name,
        )
        for row in found.rows
        if row.code
    ]
    departments: dict[str, list[str]] = {}
    for code, region in Department.objects.values_list("pk", "region"):
        departments.setdefault(region or "", []).append(code)
    shown = {one.level for one in values}
    return Figure(
        ident="carte-ecarts",
        caption="Écart de B par rapport à A, sur la couverture déclarée de chaque région",
        drawing=country_map_by_region(
            "carte-ecarts-dessin", "Écart par région", values, departments
        ),
        legend=_legend([one for one in LEVELS if one in shown]),
    )


def _legend(levels: Sequence[Level]) -> list[LegendItem]:
    return [LegendItem(f"legende-{one}", one) for one in levels]
