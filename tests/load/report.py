"""What a load run found: a page with its charts, alone in a file, and the same as JSON."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from common.charts.bar_chart import bar_chart
from common.charts.layers import joined
from common.charts.line_chart import line_chart
from common.charts.values import Bar, Point
from tests.load.figures import Figures
from tests.load.flat import Series
from tests.load.goals import Goal, broken
from tests.load.phases import Phase

MOST_POINTS, MOST_BARS = 24, 18
REQUEST_HEADS = ("Demande", "Combien", "Par seconde", "Médiane (ms)", "95e", "99e", "Erreurs")
STYLE = Path(__file__).with_name("report.css")


def tell(
    folder: Path,
    goals: Sequence[Goal],
    phases: Sequence[Phase],
    facts: Mapping[str, object],
    series: Mapping[str, Series] | None = None,
    *,
    name: str = "report",
) -> int:
    """Write both files, print what counts; 1 when a law was broken."""
    facts = {"le": f"{datetime.now(UTC):%d/%m/%Y}", "machine": machine()} | dict(facts)
    told = {
        "facts": facts,
        "goals": [one.as_json() for one in goals],
        "phases": [phase_as_json(one) for one in phases],
    }
    (folder / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
    (folder / f"{name}.html").write_text(page(goals, phases, facts, series or {}))
    for words, value in facts.items():
        print(f"  {words} : {said(value)}")
    for goal in goals:
        print(f"  {'oui' if goal.is_held else 'NON'}  {sentence(goal)}")
    print(f"Rapport : {folder / name}.html")
    return 1 if broken(goals) else 0


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[2]
    return (
        f"{os.cpu_count()} cœurs, {number(memory)} Gio, {platform.machine()}, charge sur 15 "
        f"minutes {number(load)} (le générateur compris)"
    )


def phase_as_json(phase: Phase) -> dict[str, object]:
    return {
        "plan": asdict(phase.plan),
        "busy": phase.busy,
        "broken": phase.broken,
        "figures": [asdict(one) for one in phase.figures.values()],
    }


def number(value: float) -> str:
    """As written in French, with as many decimals as it is small."""
    size = abs(value)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    text = f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text


def said(value: object) -> str:
    return number(value) if isinstance(value, int | float) else str(value)


def sentence(goal: Goal) -> str:
    sign = "≥" if goal.is_least else "≤"
    text = f"{goal.title} : {measured(goal)} (but {sign} {number(goal.limit)})"
    return f"{text}, {number(goal.ratio)} upserts bruts" if goal.ratio is not None else text


def measured(goal: Goal) -> str:
    text = f"{number(goal.measured)} {goal.unit}".strip()
    return f"{text}, {number(goal.slope)} par heure" if goal.slope is not None else text


def page(
    goals: Sequence[Goal],
    phases: Sequence[Phase],
    facts: Mapping[str, object],
    series: Mapping[str, Series],
) -> str:
    body = joined(
        [
            table("La mesure", ("Quoi", "Valeur"), [(k, said(v)) for k, v in facts.items()]),
            table("Les buts", ("But", "Mesuré", "Limite", "En upserts bruts", "Tenu"), rows(goals)),
            *(drawn(phase) for phase in phases),
            *(curve(rank, name, held) for rank, (name, held) in enumerate(series.items())),
        ]
    )
    return format_html(
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Charge</title>'
        "<style>{}</style></head><body><h1>Stocks Santé sous charge</h1>"
        "<p>Les programmes qui demandent partagent les processeurs avec le service\u00a0: lire les "
        "rapports, non les durées.</p>{}</body></html>",
        mark_safe(STYLE.read_text()),  # noqa: S308 - ours
        body,
    )


def rows(goals: Sequence[Goal]) -> list[tuple[str, ...]]:
    return [
        (
            one.title,
            measured(one),
            f"{'≥' if one.is_least else '≤'} {number(one.limit)} {one.unit}".strip(),
            "" if one.ratio is None else number(one.ratio),
            "oui" if one.is_held else "NON",
        )
        for one in goals
    ]


def table(caption: str, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> SafeString:
    cells = (
        (
            format_html_join(
                "",
                "<td{}>{}</td>",
                ((mark_safe(' class="non"') if one == "NON" else "", one) for one in line),
            ),
        )
        for line in lines
    )
    return format_html(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        caption,
        format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads)),
        format_html_join("", "<tr>{}</tr>", cells),
    )


def drawn(phase: Phase) -> SafeString:
    """The slowest requests as bars, then all of them as a table."""
    figures = sorted(phase.figures.values(), key=lambda one: -one.p95)
    plan = phase.plan
    title = f"{plan.name} : 95e centile de chaque demande"
    return format_html(
        "<h2>{}</h2><p>{} personnes, {} s, temps de réflexion × {}, charge de la machine {} puis "
        "{}.</p><figure><figcaption>{}</figcaption>{}</figure>{}",
        plan.name,
        plan.people,
        number(plan.seconds),
        number(plan.scale),
        number(phase.busy[0]),
        number(phase.busy[1]),
        title,
        bar_chart(f"b-{plan.name.replace(' ', '-')}", title, list(map(bar, figures[:MOST_BARS]))),
        table(f"{plan.name} : toutes les demandes", REQUEST_HEADS, list(map(line, figures))),
    )


def bar(one: Figures) -> Bar:
    return Bar(
        label=one.name,
        value=one.p95,
        text=f"{number(one.p95)} ms",
        level="critique" if one.errors else "suffisante",
        own_word="des erreurs" if one.errors else " ",
    )


def line(one: Figures) -> tuple[str, ...]:
    times = (one.rate, one.median, one.p95, one.p99)
    return (one.name, str(one.count), *map(number, times), " ; ".join(one.errors))


def curve(rank: int, name: str, held: Series) -> SafeString:
    every = max(1, len(held) // MOST_POINTS)
    points = [
        Point(f"{at / 60:.0f} min", value, number(value)) for at, value in list(held)[::every]
    ]
    return format_html(
        "<figure><figcaption>{}</figcaption>{}</figure>",
        name,
        line_chart(f"c{rank}", name, points),
    )
