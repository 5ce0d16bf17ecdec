"""Who declared the protective equipment, of whom, by when."""

from functools import partial
from typing import Final

from common.indicators import Domain, Indicator, Threshold, Worked
from common.weeks import current_week
from epi_stocks.calendar import calendar_of
from epi_stocks.dashboard.figures import ReportingFigures
from epi_stocks.registry.places import CELL, HOME, KEPT, OPEN, OPENING, PLACES, VISU, WATCH

EXAMPLE: Final = ReportingFigures(
    expected=240, declared=187, on_time=160, expected_before=238, declared_before=175
)
EXPECTED: Final = (
    "Annuaire FINESS\u00a0: établissements ouverts cette semaine-là",
    "Liste datée des catégories du périmètre EPI-Stocks",
    "Déclarations centralisées\u00a0: quels sites un autre couvre",
)
COVERED: Final = "Les sites couverts par la déclaration d’un autre\u00a0; les sites fermés."
declaring = partial(
    Indicator,
    domain=Domain.EQUIPMENT,
    owner=CELL,
    frequency=KEPT,
    excluded=COVERED,
    history=(OPENING,),
)


def rate_example() -> Worked:
    return Worked("187 ont déclaré, 240 attendus", EXAMPLE.rate_text)


def before_example() -> Worked:
    given = (
        "Mardi à 10\u00a0h\u00a0: 187 sur 240\u00a0; mardi dernier à 10\u00a0h\u00a0: 175 sur 238"
    )
    return Worked(given, f"{EXAMPLE.rate_text}, contre {EXAMPLE.rate_before_text}")


def on_time_example() -> Worked:
    return Worked("160 premières saisies avant l’échéance, 240 attendus", EXAMPLE.on_time_text)


def missing_example() -> Worked:
    return Worked("240 attendus, 187 ont déclaré", f"{EXAMPLE.missing} n’ont pas déclaré")


def deadline() -> list[Threshold]:
    calendar = calendar_of(current_week())
    closing = calendar.closing_sentence
    return [
        Threshold("Échéance de cette semaine", calendar.deadline_sentence),
        Threshold("Clôture de cette semaine", f"{closing[0].upper()}{closing[1:]}"),
    ]


DECLARING: Final = (
    declaring(
        slug="attendus-epi",
        label="Établissements attendus",
        definition="Les établissements qui doivent déclarer leurs équipements cette semaine\u00a0: "
        "ouverts, d’une catégorie du périmètre, et non couverts par la déclaration d’un autre.",
        formula="Ouverts et du périmètre − couverts par un autre site",
        inputs=EXPECTED,
        unit="établissements",
        source="Mode d’emploi d’EPI-Stocks\u00a0: santé, social, médico-social, formation",
        code="epi_stocks.summaries.computing.expected_sites_sql",
        example=missing_example,
        shown=(VISU, PLACES, OPEN),
        related=("taux-declaration-epi",),
    ),
    declaring(
        slug="taux-declaration-epi",
        label="Taux de déclaration des équipements",
        definition="La part des établissements attendus qui ont déclaré. A déclaré qui a rempli au "
        "moins une case de la semaine, un 0 compris. Pour un territoire, c’est un rapport de "
        "sommes.",
        formula="Établissements qui ont déclaré ÷ établissements attendus",
        inputs=(*EXPECTED, "Les cases remplies de la semaine"),
        unit="%",
        source="Mode d’emploi d’EPI-Stocks",
        code="epi_stocks.dashboard.figures.ReportingFigures.rate_text",
        example=rate_example,
        shown=(VISU, PLACES, HOME, WATCH, OPEN),
        thresholds=deadline,
        related=("meme-heure-epi", "dans-les-temps-epi", "retards-epi"),
    ),
    declaring(
        slug="meme-heure-epi",
        label="Comparaison à la même heure",
        definition="Un taux lu un mardi ne veut rien dire seul. Il est comparé à celui de la "
        "semaine précédente tel qu’il était sept jours plus tôt, à la minute près.",
        formula="Ceux qui avaient déclaré il y a sept jours exactement ÷ attendus d’alors",
        inputs=(*EXPECTED, "L’heure de la première saisie de chaque établissement"),
        unit="%",
        source="Choix de la plateforme",
        code="epi_stocks.dashboard.figures.ReportingFigures.rate_before_text",
        example=before_example,
        shown=(VISU, HOME, WATCH),
        related=("taux-declaration-epi",),
    ),
    declaring(
        slug="dans-les-temps-epi",
        label="Déclarés dans les temps",
        definition="La part des établissements attendus dont la première saisie de la semaine est "
        "arrivée avant l’échéance.",
        formula="Premières saisies avant l’échéance ÷ établissements attendus",
        inputs=(*EXPECTED, "L’heure de la première saisie de chaque établissement"),
        unit="%",
        source="Échéance réglée par la cellule nationale, datée",
        code="epi_stocks.dashboard.figures.ReportingFigures.on_time_text",
        example=on_time_example,
        shown=(VISU,),
        thresholds=deadline,
        related=("taux-declaration-epi",),
    ),
    declaring(
        slug="retards-epi",
        label="N’ont pas déclaré",
        definition="Les établissements attendus qui n’ont encore rien saisi cette semaine, la plus "
        "forte consommation connue d’abord, avec la personne à joindre.",
        formula="Établissements attendus − établissements qui ont déclaré",
        inputs=(*EXPECTED, "Les cases remplies de la semaine"),
        unit="établissements",
        source="Mode d’emploi d’EPI-Stocks",
        code="epi_stocks.dashboard.figures.ReportingFigures.missing",
        example=missing_example,
        shown=(VISU, PLACES),
        thresholds=deadline,
        related=("taux-declaration-epi",),
    ),
)
