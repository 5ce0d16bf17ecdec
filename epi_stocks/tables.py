"""The tables of the real-time view, each declared once: the page and the file cannot disagree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from common.charts.patterns import css_name
from common.columns import UNDER, Column, Table
from common.cover import Level
from common.numbers import format_decimal, percent
from common.weeks import short_label
from epi_stocks.dashboard.contacts import NOBODY, Contact
from epi_stocks.dashboard.establishments import KNOWN_WEEKS, LateSite, Line
from epi_stocks.dashboard.figures import NO_BREAK, days_text, doubtful_text, plural, quantity_text
from epi_stocks.dashboard.page import Place
from epi_stocks.models import EpiItem

EVERY_ITEM = "equipements"  # the table of every item, and the choice of the list that shows it
BADGE = '<span class="app-classe app-classe--{}">{}</span>'


def badge(level: Level) -> SafeString:
    """The word and the colour of a level."""
    return format_html(BADGE, css_name(level.value), level.label)


def site_link(row: Line | LateSite) -> SafeString:
    address = reverse("epi_stocks:visu_establishment", args=[row.finess])
    return format_html('<a href="{}"><strong>{}</strong></a>', address, row.name)


def moment_text(row: Line) -> str:
    """« 17/11, 8 h 12 », in Paris."""
    local = localtime(row.saved_at)
    return f"{local:%d/%m}, {local.hour}{NO_BREAK}h{NO_BREAK}{local:%M}"


def moment_cell(row: Line) -> SafeString:
    """When, and below it what to know before trusting the figure."""
    notes = []
    if row.is_carried:
        notes.append(f"repris de la semaine {short_label(row.source_week)}")
    if row.is_doubtful:
        notes.append("à vérifier")
    if not notes:
        return format_html("{}", moment_text(row))
    return format_html("{}" + UNDER, moment_text(row), ", ".join(notes))


def quantity(name: str) -> dict[str, Callable[[Any], Any]]:
    """A measure: a number in the file, blank where it is blank; a written number on the page."""
    return {
        "value": lambda row: getattr(row, name),
        "cell": lambda row: quantity_text(getattr(row, name)),
    }


LINES = Table(
    "etablissements",
    "Établissements",
    [
        Column("Établissement", lambda row: row.name, site_link),
        Column("FINESS", lambda row: row.finess, lambda row: row.finess_text, under=True),
        Column("Catégorie", lambda row: row.category, under=True),
        Column("Dép.", lambda row: row.department_code),
        Column(
            "Classe",
            lambda row: str(row.level.label),
            lambda row: badge(row.level),
            order="urgence",
            direction="descending",
            indicator="classe-epi",
        ),
        Column(
            "Couverture",
            lambda row: row.days,
            lambda row: days_text(row.days, row.level),
            is_number=True,
            order="couverture",
            indicator="couverture-epi",
        ),
        Column("Stock", **quantity("stock"), is_number=True, order="stock"),
        Column(
            "Conso / jour",
            **quantity("daily"),
            is_number=True,
            order="conso",
            direction="descending",
        ),
        Column("Appro. prévu", **quantity("supply"), is_number=True),
        Column(
            "Déclaré",
            lambda row: row.saved_at,
            moment_cell,
            order="declare",
            direction="descending",
        ),
        Column("Semaine de la valeur", lambda row: row.source_week, lambda row: "", under=True),
        Column("À vérifier", lambda row: row.is_doubtful, lambda row: "", under=True),
        Column(
            "Autres sites déclarés",
            lambda row: row.covers,
            lambda row: f"déclare aussi pour {plural(row.covers, 'site')}" if row.covers else "",
            under=True,
        ),
    ],
)


def every_item_table(items: Sequence[EpiItem]) -> Table:
    """The same columns, one line for each establishment and item."""
    labels = {item.pk: item.label for item in items}
    position = [column.header for column in LINES.columns].index("Classe")
    item = Column("Équipement", lambda row: labels[row.item_id])
    columns = [*LINES.columns[:position], item, *LINES.columns[position:]]
    return Table(EVERY_ITEM, "Tous les équipements", columns)


@dataclass(frozen=True, slots=True)
class LateRow:
    """A late site with the people to call."""

    site: LateSite
    contacts: Sequence[Contact]
    weeks_ago: int | None

    @property
    def last_text(self) -> str:
        if self.site.last_week is None:
            return f"aucune en {KNOWN_WEEKS}{NO_BREAK}semaines"
        ago = f"{self.weeks_ago}{NO_BREAK}semaine{'s' if self.weeks_ago > 1 else ''}"
        return f"{self.site.last_week:%d/%m} ({ago})"

    @property
    def contact_text(self) -> str:
        return " ; ".join(map(str, self.contacts)) or NOBODY

    @property
    def contact_cell(self) -> SafeString | str:
        if not self.contacts:
            return NOBODY
        first = self.contacts[0]
        return format_html(
            '{} (APE)<span class="app-sous"><a href="mailto:{}">{}</a>{}</span>',
            first.name,
            first.email,
            first.email,
            f" · {first.phone}" if first.phone else "",
        )


LATE = Table(
    "retards",
    "N’ont pas déclaré",
    [
        Column("Établissement", lambda row: row.site.name, lambda row: site_link(row.site)),
        Column("FINESS", lambda row: row.site.finess, lambda row: row.site.finess_text, under=True),
        Column("Catégorie", lambda row: row.site.category, under=True),
        Column("Dép.", lambda row: row.site.department_code),
        Column("Dernière déclaration", lambda row: row.site.last_week, lambda row: row.last_text),
        Column(
            "Dernière conso / jour",
            lambda row: row.site.last_daily,
            lambda row: (
                "inconnue" if row.site.last_daily is None else quantity_text(row.site.last_daily)
            ),
            is_number=True,
        ),
        Column("À qui s’adresser", lambda row: row.contact_text, lambda row: row.contact_cell),
    ],
)


def place_days(place: Place) -> SafeString:
    """Days of cover, and below them how many of the values behind are unusual."""
    days = days_text(place.figures.days, place.level)
    notes = doubtful_text(place.figures.doubtful)
    return format_html("{}" + UNDER, days, notes) if notes else format_html("{}", days)


def rate_value(place: Place):
    """The rate as a number of percent, as the page rounds it; blank when nobody is expected."""
    return percent(place.reporting.declared, place.reporting.expected)


PLACE_COVER = [
    Column(
        "Classe",
        lambda place: str(place.level.label),
        lambda place: badge(place.level),
        indicator="classe-epi",
    ),
    Column(
        "Couverture",
        lambda place: place.figures.days,
        place_days,
        is_number=True,
        indicator="couverture-epi",
    ),
]
PLACE_BEFORE = Column(
    "Semaine précédente",
    lambda place: place.before.days,
    lambda place: days_text(place.before.days, place.level_before),
    is_number=True,
)
PLACE_QUANTITIES = [
    Column(
        "Stock",
        lambda p: p.figures.stock,
        lambda p: p.figures.stock_text,
        is_number=True,
        indicator="quantites-epi",
    ),
    Column("Conso / jour", lambda p: p.figures.daily, lambda p: p.figures.daily_text, True),
    Column("Appro. prévu", lambda p: p.figures.supply, lambda p: p.figures.supply_text, True),
]
PLACE_COUNTS = [
    Column("En rupture", lambda p: p.figures.shortage, is_number=True, indicator="ruptures-epi"),
    Column("Critiques", lambda p: p.figures.critical, is_number=True),
    Column("Ont déclaré", lambda p: p.reporting.declared, is_number=True),
    Column("Attendus", lambda p: p.reporting.expected, is_number=True, indicator="attendus-epi"),
    Column(
        "Taux",
        rate_value,
        lambda p: p.reporting.rate_text,
        is_number=True,
        indicator="taux-declaration-epi",
    ),
    Column("À vérifier", lambda p: p.figures.doubtful, lambda p: "", under=True),
]


def place_names(heading: str, link: Callable[[Place], str | None]) -> list[Column]:
    """The name of a territory, which leads to it where ``link`` says so, and its code under it."""

    def name(place: Place) -> SafeString:
        address = link(place)
        if address is None:
            return format_html("<strong>{}</strong>", place.name)
        return format_html('<a href="{}"><strong>{}</strong></a>', address, place.name)

    return [
        Column(heading, lambda place: place.name, name),
        Column("Code", lambda place: place.code, under=True),
    ]


def places_table(heading: str, link: Callable[[Place], str | None]) -> Table:
    """Regions or departments, the most urgent first; ``link`` leads to one of them."""
    figures = [*PLACE_COVER, PLACE_BEFORE, *PLACE_QUANTITIES, *PLACE_COUNTS]
    return Table("territoires", f"{heading}s", [*place_names(heading, link), *figures])


def elsewhere_table(*, names_region: bool) -> Table:
    """Departments of other regions: totals, nothing that leads to an establishment."""
    names = place_names("Département", lambda place: None)
    region = [Column("Région", lambda place: place.region)] if names_region else []
    figures = [*PLACE_COVER, *PLACE_QUANTITIES, *PLACE_COUNTS]
    return Table("autres-regions", "Autres régions", [*names, *region, *figures])


def decimal_text(value) -> str:
    """« 13,7 », for the values of a chart."""
    return "inconnu" if value is None else format_decimal(value, places=1)
