"""What the page of usage shows, from the figures kept of the last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from common.charts.figure import Column, DataTable
from common.charts.figure import Figure as Drawing
from common.charts.line_chart import line_chart
from common.charts.values import Point
from common.home import Figure
from common.numbers import format_integer
from common.weeks import current_week
from pui.feeds.schema import Dictionary, Field
from steering.models import Statistic

NO_BREAK: Final = "\u00a0"
SECRET: Final = f"moins de{NO_BREAK}5"
SERIES: Final = {
    "inventaires-epi": "Inventaires d’équipements de protection reçus, par semaine",
    "transmissions-pui": "Stocks de pharmacies transmis, par semaine",
}
KINDS: Final = {
    "etablissements": "Établissements",
    "agences": "ARS, OMEDIT et départements",
    "national": "Échelon national",
}
SCHEMA: Final = Dictionary(
    name="stats",
    title="Usage de la plateforme",
    description="Une ligne par jour, statistique et part.",
    version="1.0.0",
    fields=(
        Field("jour", "Jour", "Jour du comptage.", "date", {"required": True}),
        Field("statistique", "Statistique", "Ce qui est compté.", constraints={"required": True}),
        Field("part", "Part", "Une semaine (son lundi) ou un public\u00a0; vide\u00a0: tout."),
        Field("valeur", "Valeur", "Vide\u00a0: trop petite pour être dite.", "integer"),
    ),
    key=("jour", "statistique", "part"),
)


@dataclass(frozen=True)
class Usage:
    """The figures of the last day counted."""

    day: date
    values: dict[tuple[str, str], int | None]

    def text(self, name: str, part: str = "") -> str:
        value = self.values.get((name, part))
        if (name, part) not in self.values:
            return "–"
        return SECRET if value is None else format_integer(value)

    def percent_text(self, name: str) -> str:
        value = self.values.get((name, ""))
        return "–" if value is None else f"{value}{NO_BREAK}%"

    def parts(self, name: str) -> list[tuple[str, int | None]]:
        found = [(part, value) for (one, part), value in self.values.items() if one == name]
        return sorted(found)


def last_usage() -> Usage | None:
    """In one statement: the rows of the last day."""
    last = Statistic.objects.order_by("-day").values("day")[:1]
    rows = list(Statistic.objects.filter(day=last))
    if not rows:
        return None
    return Usage(rows[0].day, {(one.name, one.part): one.value for one in rows})


def public_figures(usage: Usage | None) -> list[Figure]:
    """The three of the public home page."""
    return [] if usage is None else key_figures(usage)[:3]


def key_figures(usage: Usage) -> list[Figure]:
    return [
        Figure(
            "Établissements qui déclarent",
            usage.text("etablissements-declarants"),
            note="Équipements de protection, quatre dernières semaines",
            indicator="etablissements-declarants",
        ),
        Figure(
            "Pharmacies qui déclarent",
            usage.text("pui-declarantes"),
            note="Médicaments et vaccins, quatre dernières semaines",
            indicator="pui-declarantes",
        ),
        Figure(
            "Dépannages menés à terme",
            usage.text("depannages"),
            note="Entre établissements, depuis l’ouverture",
            indicator="depannages-menes",
        ),
        Figure(
            "Commandes sur le stock de l’État",
            usage.text("commandes"),
            f"dont {usage.text('commandes-livrees')} livrées",
            "Douze dernières semaines",
            indicator="commandes-transmises",
        ),
        Figure(
            "Inventaires reçus",
            usage.percent_text("taux-inventaires"),
            note="Part des établissements attendus, semaine passée",
            indicator="taux-declaration-epi",
        ),
        Figure(
            "Établissements reliés",
            usage.text("etablissements-relies"),
            note="Où quelqu’un a un accès",
            indicator="etablissements-relies",
        ),
    ]


def drawings(usage: Usage) -> list[Drawing]:
    """Twelve weeks of each thing sent; the one under way is dashed."""
    return [_drawing(name, title, usage.parts(name)) for name, title in SERIES.items()]


def _drawing(name: str, title: str, parts: Sequence[tuple[str, int | None]]) -> Drawing:
    now = f"{current_week():%Y-%m-%d}"
    points = [
        Point(
            f"{date.fromisoformat(week):%d/%m}",
            None if value is None else float(value),
            format_integer(value or 0),
            is_partial=week == now,
        )
        for week, value in parts
    ]
    return Drawing(
        ident=f"stats-{name}",
        caption=title,
        indicator=name,
        drawing=line_chart(f"courbe-{name}", title, points, is_count=True),
        table=DataTable(
            f"stats-{name}-valeurs",
            title,
            [Column("Semaine du"), Column("Nombre", is_number=True)],
            [[f"{date.fromisoformat(week):%d/%m/%Y}", str(value)] for week, value in parts],
        ),
        note="Trait pointillé\u00a0: la semaine n’est pas finie."
        if any(one.is_partial for one in points)
        else "",
        summary="Voir les valeurs",
    )


def people_rows(usage: Usage) -> list[tuple[str, str]]:
    return [(label, usage.text("personnes-actives", kind)) for kind, label in KINDS.items()]
