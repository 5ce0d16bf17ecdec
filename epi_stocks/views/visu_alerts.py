"""The national alert panel: items and regions that crossed a level since last week."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.weeks import shift
from epi_stocks.dashboard.alerts import Crossing, crossings
from epi_stocks.dashboard.figures import days_text, doubtful_text
from epi_stocks.dashboard.territory import WITHOUT_ARS
from epi_stocks.models import SummarisedWeek
from epi_stocks.models.summary import NO_TERRITORY
from epi_stocks.tables import badge
from epi_stocks.views.visu_elsewhere import asked_week
from establishments.access import allows
from establishments.perimeter import Action


@allows(Action.DASH_EPI)
def visu_alerts(request: HttpRequest) -> HttpResponse:
    """For those who watch over the country."""
    if not request.user.perimeter_to(Action.DASH_EPI).is_national:
        raise PermissionDenied("Les alertes de la semaine sont réservées à la cellule nationale.")
    week = asked_week(request)
    found = crossings(request.user, week)
    return render(
        request,
        "epi_stocks/visu_alerts.html",
        {
            "above": [("Visu", reverse("epi_stocks:visu"))],
            "week": week,
            "previous": shift(week, -1),
            "worse": [_shown(one, week) for one in found if one.is_worse],
            "better": [_shown(one, week) for one in found if not one.is_worse],
            "summarised": SummarisedWeek.objects.filter(week=week).first(),
        },
    )


def _shown(one: Crossing, week) -> dict:
    region = WITHOUT_ARS if one.region_code == NO_TERRITORY else one.region_code
    address = f"{reverse('epi_stocks:visu')}?equipement={one.item.code}&semaine={week:%Y-%m-%d}"
    return {
        "item": one.item,
        "place": one.place,
        "url": address if one.is_country else f"{address}&region={region}",
        "before": badge(one.level_before),
        "now": badge(one.level),
        "days_before": days_text(one.before.days, one.level_before),
        "days": days_text(one.now.days, one.level),
        "doubtful": doubtful_text(one.now.doubtful),
        "shortage": one.now.shortage,
    }
