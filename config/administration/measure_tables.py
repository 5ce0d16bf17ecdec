"""What the service measured of itself, as it is shown: durations, failures, what is promised."""

import math
from collections.abc import Sequence

from django.conf import settings

from common.addresses import fixed_address
from common.charts.figure import Column, DataTable
from common.home import Figure
from common.numbers import format_decimal, format_integer
from config.administration.figures import moment
from config.administration.task_names import name_of
from monitoring.models import Fault
from monitoring.objective import Budget
from monitoring.reading import Measures
from monitoring.statements import Statement

TEXT_SHOWN = 400
NOTHING = "aucune"
NOT_YET = "pas encore"
DURATIONS = [
    Column("La moitié en moins de", is_number=True),
    Column("95\u00a0% en moins de", is_number=True),
    Column("99\u00a0% en moins de", is_number=True),
]
COSTS = [
    Column("Fois", is_number=True),
    Column("Durée totale", is_number=True),
    Column("En moyenne", is_number=True),
    Column("La plus longue", is_number=True),
]


def pages_table(ident: str, caption: str, found: Sequence[Measures]) -> DataTable:
    columns = [
        Column("Page"),
        Column("Demandes", is_number=True),
        *DURATIONS,
        Column("Instructions par demande", is_number=True),
        Column("Part de la base", is_number=True),
    ]
    rows = [
        [
            one.name,
            format_integer(one.count),
            *durations(one),
            format_decimal(one.statements / one.count, places=1),
            share(one.statement_millis, one.millis),
        ]
        for one in found
    ]
    return DataTable(ident, caption, columns, rows)


def tasks_table(found: Sequence[Measures]) -> DataTable:
    columns = [
        Column("Travail"),
        Column("Passages", is_number=True),
        Column("En échec", is_number=True),
        *DURATIONS,
    ]
    rows = [
        [
            name_of(one.name),
            format_integer(one.count),
            format_integer(one.failed),
            *durations(one),
        ]
        for one in found
    ]
    return DataTable("travaux-durees", "Durée des travaux", columns, rows)


def durations(one: Measures) -> list[str]:
    return [lasting(one.p50), lasting(one.p95), lasting(one.p99)]


def lasting(millis: float | None) -> str:
    """« 45 ms », « 1,3 s »; past the last class, how far was not measured."""
    if millis is None:
        return NOTHING
    if math.isinf(millis):
        return "plus de 10\u00a0s"
    if millis < 1000:
        return f"{format_integer(max(1, round(millis)))}\u00a0ms"
    return f"{format_decimal(millis / 1000, places=1)}\u00a0s"


def share(part: float, whole: float) -> str:
    return f"{round(100 * part / whole)}\u00a0%" if whole else NOTHING


def sampled_table(found: Sequence[Statement]) -> DataTable:
    columns = [Column("Instruction"), Column("Demandée en dernier par"), *COSTS]
    rows = [
        [cut(one.text), one.name or "un travail, ou hors d’une page", *costs(one)] for one in found
    ]
    return DataTable("instructions-lentes", "Plus de 200\u00a0ms, depuis un mois", columns, rows)


def counted_table(found: Sequence[Statement]) -> DataTable:
    """PostgreSQL does not know which page asked."""
    rows = [[cut(one.text), *costs(one)] for one in found]
    columns = [Column("Instruction"), *COSTS]
    return DataTable("instructions-comptees", "Comptées par PostgreSQL", columns, rows)


def costs(one: Statement) -> list[str]:
    return [
        format_integer(one.count),
        lasting(one.millis),
        lasting(one.millis / one.count),
        lasting(one.slowest),
    ]


def cut(text: str) -> str:
    return text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]}…"


def kept_figures(month: Budget, hour: Budget) -> list[Figure]:
    """The objective of the month, what is left of its budget, how fast it is spent now."""
    return [
        Figure(
            "Objectif tenu ce mois-ci",
            percents(month.kept_percent),
            note=f"Objectif\u00a0: {percents(month.percent)}",
        ),
        Figure(
            "Reste du budget d’erreurs",
            left(month),
            note=f"Demandes manquées\u00a0: {format_integer(month.missed)}, "
            f"pour {format_integer(int(month.allowed))} permises jusqu’ici.",
        ),
        Figure(
            "Vitesse de dépense, dernière heure",
            rate(hour),
            note="À 1, le budget est dépensé à la fin du mois.",
        ),
    ]


def objective_figure(month: Budget) -> Figure:
    """For the overview of the health of the service."""
    return Figure(
        "Objectif tenu ce mois-ci",
        percents(month.kept_percent),
        note=f"Reste du budget d’erreurs\u00a0: {left(month)}.",
        url=fixed_address("administration:errors"),
    )


def budgets_table(budgets: Sequence[tuple[str, Budget]]) -> DataTable:
    columns = [
        Column("Période"),
        Column("Demandes", is_number=True),
        Column("Manquées", is_number=True),
        Column("Objectif tenu", is_number=True),
        Column("Vitesse de dépense", is_number=True),
    ]
    rows = [
        [
            label,
            format_integer(one.total),
            format_integer(one.missed),
            percents(one.kept_percent),
            rate(one),
        ]
        for label, one in budgets
    ]
    return DataTable("objectif", "L’objectif, par période", columns, rows)


def percents(value: float | None, places: int = 2) -> str:
    """Never rounded up to what is not so: 99,999 % is not 100 %."""
    if value is None:
        return NOT_YET
    step = 10**places
    floor = math.floor(round(value * step, 6))  # 29.999999999 is 30, badly added up
    return f"{format_decimal(floor / step, places=places)}\u00a0%"


def left(budget: Budget) -> str:
    """Overspent is said in a word: by how much, the figures beside it tell."""
    if budget.left_percent is not None and round(budget.left_percent, 6) < 0:
        return "épuisé"
    return percents(budget.left_percent, places=0)


def rate(budget: Budget) -> str:
    return NOT_YET if budget.burn_rate is None else format_decimal(budget.burn_rate, places=1)


def promise() -> str:
    """The objective in one sentence."""
    return (
        f"{format_decimal(settings.OBJECTIVE_PERCENT)}\u00a0% des demandes reçoivent une réponse "
        f"en {lasting(settings.OBJECTIVE_MS)} au plus, sans erreur du service."
    )


def routes_table(found: Sequence[tuple[str, str, int, str]]) -> DataTable:
    columns = [
        Column("Page"),
        Column("État", is_number=True),
        Column("Erreurs", is_number=True),
        Column("Dernier numéro d’incident"),
    ]
    rows = [[name, outcome, format_integer(count), last] for name, outcome, count, last in found]
    return DataTable("erreurs-par-page", "Erreurs par page, 31 derniers jours", columns, rows)


def faults_table(found: Sequence[Fault]) -> DataTable:
    columns = [
        Column("Numéro d’incident"),
        Column("Le"),
        Column("Page"),
        Column("État", is_number=True),
        Column("Erreur"),
    ]
    rows = [
        [
            one.request,
            moment(one.at),
            f"{one.method} {one.name}",
            one.outcome,
            one.error or "réponse voulue par la page",
        ]
        for one in found
    ]
    return DataTable("incidents", "Les derniers incidents", columns, rows)
