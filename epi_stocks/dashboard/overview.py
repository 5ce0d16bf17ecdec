"""The situation of one's territory on the home page: the same figures as the real-time view."""

from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import User
from common.charts.figure import Cell, Column, DataTable
from common.home import Figure, Situation
from common.weeks import current_week
from epi_stocks.dashboard.explanations import key_figures
from epi_stocks.dashboard.figures import days_text
from epi_stocks.dashboard.page import Dashboard, Place, read_overview
from epi_stocks.dashboard.scope import Scope
from epi_stocks.dashboard.territory import territory_for
from epi_stocks.filters import default_item
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import EpiItem, SummarisedWeek

MOST_URGENT = 8
REPORTING = "declarants"  # already told for the whole territory
COLUMNS = [
    Column("Territoire"),
    Column("Classe"),
    Column("Couverture", is_number=True, indicator="couverture-epi"),
    Column("Ont déclaré", is_number=True),
    Column("Taux", is_number=True, indicator="taux-declaration-epi"),
]


def situation_of(user: User) -> Situation | None:
    """This week, for the item that the view opens on; None while no item is followed."""
    week = current_week()
    items = list(EpiItem.objects.top().on(week).order_by("rank"))
    if not items:
        return None
    refreshed = SummarisedWeek.objects.filter(week=week).values_list("refreshed_at", flat=True)
    scope = Scope(
        user=user,
        territory=territory_for(user),
        week=week,
        item=default_item(items),
        items=items,
        thresholds=thresholds_on(week),
        refreshed_at=refreshed.first(),
    )
    dashboard = read_overview(scope)
    return Situation(
        title=f"Équipements de protection : {scope.item.label}",
        figures=[
            Figure(
                one.label,
                one.value,
                one.in_words,
                one.compared,
                indicator=one.indicator,
            )
            for one in key_figures(dashboard, lambda choice: "")
            if one.ident != REPORTING
        ],
        table=_table(dashboard),
        note=_time_of(scope),
        url=reverse("epi_stocks:visu"),
        link_label="Ouvrir la vue en temps réel",
    )


def _table(dashboard: Dashboard) -> DataTable:
    what = "régions" if dashboard.scope.is_national else "départements"
    return DataTable(
        ident="situation-epi",
        caption=f"Situation {dashboard.scope.of_place}"
        if dashboard.is_one_place
        else f"Situation des {what}, par urgence",
        columns=COLUMNS,
        rows=[_row(place) for place in dashboard.places[:MOST_URGENT]],
    )


def _row(place: Place) -> list[Cell | str]:
    return [
        f"{place.name} ({place.code})" if place.code else place.name,
        Cell(str(place.level.label), place.level.value),
        days_text(place.figures.days, place.level),
        f"{place.reporting.declared} / {place.reporting.expected}",
        place.reporting.rate_text,
    ]


def _time_of(scope: Scope) -> str:
    if scope.refreshed_at is None:
        return "Aucune saisie reçue cette semaine."
    at = localtime(scope.refreshed_at)
    return f"Saisies reçues jusqu’au {at:%d/%m} à {at.hour} h {at:%M}."
