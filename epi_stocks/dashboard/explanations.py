"""« Comment est-ce calculé ? »: formula, inputs, what is left out and why, for each key figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from common.cover import Level
from common.numbers import format_integer, format_percent
from common.weeks import PARIS, week_label
from epi_stocks.calendar import WEEKDAYS, hour_text
from epi_stocks.dashboard.drawings import ranges_text
from epi_stocks.dashboard.figures import (
    NO_BREAK,
    days_text,
    doubtful_text,
    plural,
    quantity_text,
    weeks_before_text,
)
from epi_stocks.dashboard.page import Dashboard
from epi_stocks.filters import DOUBTFUL, LEFT_OUT
from epi_stocks.tables import badge

Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Part:
    term: str
    text: str
    url: str = ""
    link: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure, what it is compared with, how it was computed, its place in the registry."""

    ident: str
    label: str
    value: str
    detail: str
    compared: str
    formula: str
    parts: Sequence[Part]
    level: Level | None = None
    indicator: str = ""

    @property
    def badge(self) -> SafeString | str:
        return badge(self.level) if self.level else ""

    @property
    def in_words(self) -> str:
        """« Tendue, dont 3 à vérifier »: where no badge is drawn."""
        level = str(self.level.label) if self.level else ""
        return ", ".join(filter(None, [level, self.detail]))


def key_figures(dashboard: Dashboard, list_address: Address) -> list[KeyFigure]:
    """The four figures of the page; ``list_address`` leads to the list cut down to a choice."""
    return [
        _cover(dashboard, list_address),
        _shortage(dashboard),
        _under_alert(dashboard),
        _reporting(dashboard),
    ]


def _cover(dashboard: Dashboard, list_address: Address) -> KeyFigure:
    scope, figures = dashboard.scope, dashboard.figures
    left_out = figures.cover.left_out
    return KeyFigure(
        ident="couverture",
        indicator="couverture-epi",
        label=f"Couverture {scope.of_place}",
        value=days_text(figures.days, dashboard.level),
        detail=doubtful_text(figures.doubtful),
        level=dashboard.level,
        compared=f"Semaine du {scope.previous_week:%d/%m} : {_before_days(dashboard)}",
        formula=f"{format_integer(figures.ratio_stock)} unités ÷ "
        f"{format_integer(figures.ratio_daily)} par jour = {_days_in_words(dashboard)}",
        parts=[
            Part(
                "Définition",
                "Somme des stocks utilisables ÷ somme des consommations quotidiennes anticipables. "
                "Ce n’est pas une moyenne des couvertures.",
            ),
            Part("Retenus", _kept_sentence(dashboard)),
            Part(
                "Non retenus",
                f"{plural(left_out, 'établissement')} dont le stock ou la consommation est vide. "
                "Un site couvert par la déclaration d’un autre ne compte pas une seconde fois.",
                url=list_address(LEFT_OUT) if left_out and not scope.is_national else "",
                link="Les voir",
            ),
            Part("Médiane", _median_sentence(dashboard)),
            Part("Report", _carried_sentence(dashboard)),
            Part(
                "À vérifier",
                f"{plural(figures.doubtful, 'saisie inhabituelle', 'saisies inhabituelles')} "
                f"{'est comptée telle quelle' if figures.doubtful < 2 else 'sont comptées telles quelles'}.",  # noqa: E501
                url=list_address(DOUBTFUL) if figures.doubtful and not scope.is_national else "",
                link="Les voir",
            ),
            _data_part(dashboard),
        ],
    )


def _before_days(dashboard: Dashboard) -> str:
    before = dashboard.before
    return days_text(before.days, before.level(dashboard.scope.item_thresholds))


def _days_in_words(dashboard: Dashboard) -> str:
    days = dashboard.figures.days
    return days_text(days, dashboard.level).replace(f"{NO_BREAK}j", f"{NO_BREAK}jours")


def _kept_sentence(dashboard: Dashboard) -> str:
    figures = dashboard.figures
    levels = ", ".join(
        [
            f"{figures.shortage} en rupture",
            plural(figures.critical, "critique"),
            plural(figures.tense, "tendu"),
            plural(figures.sufficient, "suffisant"),
            f"{figures.unused} sans consommation",
        ]
    )
    return (
        f"{plural(figures.ratio_lines, 'établissement')} dont le stock et la consommation sont "
        f"renseignés, sur {format_integer(figures.lines)} qui ont donné une valeur. "
        f"Par classe : {levels}, {plural(figures.unknown, 'inconnu')}."
    )


def _median_sentence(dashboard: Dashboard) -> str:
    if dashboard.median is None:
        return "Inconnue : aucun établissement n’a déclaré un stock et une consommation."
    return (
        f"{days_text(dashboard.median)} : la moitié des établissements tient moins longtemps, "
        "l’autre moitié autant ou plus."
    )


def _carried_sentence(dashboard: Dashboard) -> str:
    figures, weeks = dashboard.figures, dashboard.scope.calendar.carried_weeks
    if not weeks:
        return "Aucune : seules les déclarations de la semaine comptent."
    return (
        f"{format_percent(figures.carried, figures.lines)} des valeurs "
        f"({plural(figures.carried, 'établissement')}) viennent de {weeks_before_text(weeks)}, "
        "faute de déclaration cette semaine."
    )


def _data_part(dashboard: Dashboard) -> Part:
    scope = dashboard.scope
    end = (
        "La semaine n’est pas close : ce chiffre va changer."
        if scope.is_open
        else "La semaine est close."
    )
    return Part("Données", f"Saisies de la semaine {week_label(scope.week)}. {end}")


def _threshold_part(dashboard: Dashboard) -> Part:
    ranges = ranges_text(dashboard.scope.item_thresholds)
    listed = ", ".join(f"{level.label.lower()} : {text}" for level, text in ranges.items())
    return Part("Seuils", f"En jours de couverture, seuils nationaux de cette semaine. {listed}.")


def _shortage(dashboard: Dashboard) -> KeyFigure:
    scope, now, before = dashboard.scope, dashboard.figures, dashboard.before
    return KeyFigure(
        ident="rupture",
        indicator="ruptures-epi",
        label="Établissements en rupture",
        value=format_integer(now.shortage),
        detail=f"et {plural(now.critical, 'critique')}",
        compared=f"Semaine du {scope.previous_week:%d/%m} : {before.shortage} et {before.critical}",
        formula="Nombre d’établissements sans stock, ou dont le stock ne tient pas "
        f"{scope.item_thresholds.shortage} jour",
        parts=[
            Part(
                "Rupture",
                "Un stock de 0 est une rupture même si la consommation est vide ; "
                "avec une consommation de 0, c’est « sans consommation ».",
            ),
            _threshold_part(dashboard),
            Part("Non retenus", _unknown_sentence(dashboard)),
            _data_part(dashboard),
        ],
    )


def _unknown_sentence(dashboard: Dashboard) -> str:
    figures = dashboard.figures
    return (
        f"{figures.unused} sans consommation et {plural(figures.unknown, 'inconnu')} : "
        "stock ou consommation vide."
    )


def _under_alert(dashboard: Dashboard) -> KeyFigure:
    scope, now, before = dashboard.scope, dashboard.figures, dashboard.before
    days = scope.item_thresholds
    return KeyFigure(
        ident="seuil",
        indicator="sous-seuil-epi",
        label=f"Sous le seuil de {days.tense} jours",
        value=format_integer(now.under_alert),
        detail=f"sur {quantity_text(now.known)} connus",
        compared=f"{format_percent(now.under_alert, now.known)}, contre "
        f"{format_percent(before.under_alert, before.known)} le {scope.previous_week:%d/%m}",
        formula=f"{now.shortage} en rupture + {plural(now.critical, 'critique')} + "
        f"{plural(now.tense, 'tendu')} = {format_integer(now.under_alert)} sur "
        f"{format_integer(now.known)}",
        parts=[
            Part(
                f"Sous {days.critical} jours",
                f"{plural(now.under_critical, 'établissement')}, soit "
                f"{format_percent(now.under_critical, now.known)} ; la semaine précédente "
                f"{format_percent(before.under_critical, before.known)}.",
            ),
            _threshold_part(dashboard),
            Part("Non retenus", _unknown_sentence(dashboard)),
            _data_part(dashboard),
        ],
    )


def _due_text(dashboard: Dashboard) -> str:
    """« vendredi 20/11 à 18 h »."""
    due = dashboard.scope.calendar.deadline.astimezone(PARIS)
    return f"{WEEKDAYS[due.weekday()]} {due:%d/%m} à {hour_text(due)}"


def _reporting(dashboard: Dashboard) -> KeyFigure:
    scope, rate = dashboard.scope, dashboard.reporting
    before = "à la même heure" if scope.is_current else "à la fin"
    return KeyFigure(
        ident="declarants",
        indicator="taux-declaration-epi",
        label="Ont déclaré",
        value=rate.rate_text,
        detail=f"{format_integer(rate.declared)} sur {format_integer(rate.expected)}",
        compared=f"Semaine du {scope.previous_week:%d/%m} {before} : {rate.rate_before_text}",
        formula=f"{format_integer(rate.declared)} ont déclaré ÷ "
        f"{format_integer(rate.expected)} attendus = {rate.rate_text}",
        parts=[
            Part(
                "Attendus",
                "Établissements ouverts des catégories du périmètre EPI-Stocks, moins les sites "
                "couverts par une déclaration centralisée.",
            ),
            Part("Ont déclaré", "Au moins une case de la semaine est remplie, un 0 compris."),
            Part(
                "Dans les temps",
                f"{rate.on_time_text}, {format_integer(rate.on_time)} établissements : "
                f"première saisie avant {_due_text(dashboard)}.",
                indicator="dans-les-temps-epi",
            ),
            Part(
                "N’ont pas déclaré",
                f"{plural(rate.missing, 'établissement')}.",
                indicator="retards-epi",
            ),
            Part(
                f"Semaine du {scope.previous_week:%d/%m}",
                f"{format_integer(rate.declared_before)} sur "
                f"{format_integer(rate.expected_before)}, {before}.",
                indicator="meme-heure-epi",
            ),
            _data_part(dashboard),
        ],
    )
