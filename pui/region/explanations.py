"""« Comment est-ce calculé ? »: formula, inputs, what is left out, for each of the four figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from common.cover import Level
from common.numbers import format_integer, format_percent
from medications.sentences import due_sentence
from medications.thresholds import thresholds_of
from pui.region.drawings import ranges_text
from pui.region.figures import (
    NO_BREAK,
    NOTHING,
    Sums,
    days_text,
    in_tension,
    plural,
    quantity_text,
    total,
)
from pui.region.reading import Page
from pui.region.refreshing import CARRIED
from pui.stock.table import badge


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure, what it is compared with, how it was computed, its place in the registry."""

    ident: str
    label: str
    value: str
    detail: str
    compared: str
    formula: str
    parts: Sequence[tuple[str, str]]
    level: Level | None = None
    indicator: str = ""

    @property
    def badge(self) -> SafeString | str:
        return badge(self.level) if self.level else ""


def key_figures(page: Page) -> list[KeyFigure]:
    return [_tension(page), _cover(page), _short(page), _declared(page)]


def _before(page: Page) -> str:
    """« Échéance du 20/11, à la même heure »."""
    return f"Échéance du {page.scope.days[1]:%d/%m}, à la même heure{NO_BREAK}: "


def _tension(page: Page) -> KeyFigure:
    scope = page.scope
    now, before = page.now.values(), page.before.values()
    count, whole, words = in_tension(now), len(watched_names(page)), scope.words
    return KeyFigure(
        ident="tension",
        indicator="dci-en-tension",
        label=f"{scope.watched_name} en tension"
        if not scope.substance
        else f"{scope.substance}, en tension",
        value=format_integer(count),
        detail=f"sur {whole}",
        compared=f"{_before(page)}{in_tension(before)}",
        formula=f"Nombre de {words.groups} dont la somme des stocks ÷ la somme des consommations "
        f"< {thresholds_of().tense} jours = {count}",
        parts=[
            ("Définition", _tension_definition(page)),
            (words.counted, ", ".join(watched_names(page)) or words.none),
            ("En tension", _names_in_tension(page)),
            _counted_part(page),
            _left_out_part(page, total(now)),
            _thresholds_part(),
            _data_part(page),
        ],
    )


def watched_names(page: Page) -> list[str]:
    """The DCI chosen, else those that are watched."""
    scope = page.scope
    return [scope.substance] if scope.substance else scope.catalogue.watched_substances


def _tension_definition(page: Page) -> str:
    scope = page.scope
    which = (
        "Une DCI est prioritaire quand une de ses UCD est suivie en «\u00a0priorité "
        "nationale 1\u00a0»."
        if scope.catalogue.has_priority
        else f"Cette liste n’a pas de priorité nationale 1\u00a0: {scope.words.all_counted}."
    )
    return (
        f"{which} {scope.words.it} est en tension quand le rapport des sommes {scope.of_place} "
        f"est sous le seuil «\u00a0tendue\u00a0» ({thresholds_of().tense} jours)\u00a0; "
        "une rupture et une couverture critique en sont aussi."
    )


def _names_in_tension(page: Page) -> str:
    names = [
        f"{name} ({sums.days_text})" for name, sums in page.now.items() if sums.level.is_tension
    ]
    return ", ".join(sorted(names)) or page.scope.words.none


def _cover(page: Page) -> KeyFigure:
    name, sums = _shown_cover(page)
    before = _cover_before(page, name)
    return KeyFigure(
        ident="couverture",
        indicator="couverture-medicament",
        label=f"Couverture en {name}" if page.scope.substance else "Couverture la plus courte",
        value=sums.days_text,
        detail="" if page.scope.substance else name,
        level=sums.level,
        compared=f"{_before(page)}{days_text(before.days, before.level)}",
        formula=f"{quantity_text(sums.ratio_stock)} ÷ {quantity_text(sums.ratio_daily)} par jour = "
        f"{sums.days_text}",
        parts=[
            ("Définition", _cover_definition(page)),
            ("Retenues", f"{plural(sums.ratio_lines, 'ligne')} sur {format_integer(sums.lines)}."),
            _left_out_part(page, sums),
            _thresholds_part(),
            _data_part(page),
        ],
    )


def _cover_definition(page: Page) -> str:
    summed = "Somme des stocks ÷ somme des consommations moyennes journalières"
    if page.scope.monitored_list.is_devices:
        return f"{summed}, PUI ensemble. Ce n’est pas une moyenne des couvertures."
    return (
        f"{summed}, UCD et PUI ensemble. Ce n’est pas une moyenne des couvertures, et les dosages "
        "d’une DCI s’y additionnent en unités\u00a0: voyez l’UCD de référence pour les séparer."
    )


def _shown_cover(page: Page) -> tuple[str, Sums]:
    if page.scope.substance:
        return page.scope.substance, total(page.now.values())
    return page.shortest or (page.scope.words.no_group, NOTHING)


def _cover_before(page: Page, name: str) -> Sums:
    return page.before.get(name, NOTHING)


def _short(page: Page) -> KeyFigure:
    now, before = page.pharmacies, page.pharmacies_before
    words = page.scope.words
    which = "prioritaire" if page.scope.catalogue.has_priority else words.one_followed
    return KeyFigure(
        ident="rupture",
        indicator="pui-en-rupture",
        label=f"PUI en rupture d’{words.a_group} {which}",
        value=format_integer(now.shortage),
        detail=f"et {format_integer(now.critical)} sous {thresholds_of().critical} jours",
        compared=f"{_before(page)}{before.shortage} et {before.critical}",
        formula=f"Nombre de PUI dont la couverture d’au moins {words.a_group} est une rupture",
        parts=[
            (
                "Définition",
                f"Pour chaque PUI et chaque {words.group}\u00a0: somme de ses stocks ÷ somme de "
                "ses consommations. La PUI compte une fois, à la couverture la plus courte.",
            ),
            (
                "Comptées",
                f"{plural(now.counted, 'PUI', 'PUI')} sur {format_integer(now.expected)} "
                "qui ont des lignes assez récentes.",
            ),
            ("Non comptées", f"{plural(now.expected - now.counted, 'PUI', 'PUI')} sans ligne."),
            _thresholds_part(),
            _data_part(page),
        ],
    )


def _declared(page: Page) -> KeyFigure:
    scope, now, before = page.scope, page.declared, page.declared_before
    last = scope.days[1]
    return KeyFigure(
        ident="declarants",
        indicator="taux-declaration-pui",
        label=f"Ont déclaré l’échéance du {last:%d/%m}",
        value=now.rate_text,
        detail=f"{format_integer(now.declared)} sur {format_integer(now.expected)}",
        compared=f"Échéance du {scope.days[2]:%d/%m}, à la même heure{NO_BREAK}: "
        f"{before.rate_text}",
        formula=f"{format_integer(now.declared)} ÷ {format_integer(now.expected)} attendues = "
        f"{now.rate_text}",
        parts=[
            (
                "Attendues",
                "Les PUI ouvertes ce jour-là. Un établissement desservi par la PUI d’un autre "
                "n’est jamais attendu.",
            ),
            (
                "Dans les temps",
                f"{format_percent(now.on_time, now.expected)}, transmises avant le "
                f"{due_sentence(scope.calendar.period(last))}.",
            ),
            ("En retard", f"{plural(now.late, 'PUI', 'PUI')}\u00a0: stocks périmés."),
            (
                "Échéance attendue",
                f"{due_sentence(scope.period)}\u00a0: {page.pharmacies.rate_text} déjà reçues.",
            ),
            _data_part(page),
        ],
    )


def _counted_part(page: Page) -> tuple[str, str]:
    scope = page.scope
    mapui = " Les données de maPUI comptent quand aucune UCD du même dosage n’est plus récente."
    return (
        "Lignes retenues",
        f"De chaque PUI ouverte et de {scope.words.each_product}, la dernière ligne déclarée, à "
        f"cette échéance ou à l’une des {CARRIED} précédentes."
        f"{'' if scope.monitored_list.is_devices else mapui}",
    )


def _left_out_part(page: Page, sums: Sums) -> tuple[str, str]:
    return (
        "Non retenues",
        f"{plural(sums.left_out, 'ligne')} dont le stock ou la consommation est vide, et les PUI "
        f"sans déclaration depuis le {page.scope.since:%d/%m/%Y}. "
        f"{format_percent(sums.carried, sums.lines)} des lignes viennent d’une échéance "
        "antérieure.",
    )


def _thresholds_part() -> tuple[str, str]:
    listed = ", ".join(
        f"{level.label.lower()}\u00a0: {text}" for level, text in ranges_text().items()
    )
    return "Seuils", f"En jours de couverture. {listed}."


def _data_part(page: Page) -> tuple[str, str]:
    return (
        "Comparaison",
        "Le même calcul, une échéance plus tôt, sur ce qui était déjà transmis à la même heure "
        "(les corrections reçues depuis y sont).",
    )
