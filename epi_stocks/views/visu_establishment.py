"""One establishment from the real-time view: what it holds, its weeks, whom to call."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.lookups import can, get_in_perimeter
from common.weeks import current_week
from epi_stocks.aid.moving import moving
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.calendar import calendar_of
from epi_stocks.dashboard.contacts import administrators_of
from epi_stocks.dashboard.establishments import LateSite
from epi_stocks.dashboard.figures import days_text, quantity_text, weeks_before_text
from epi_stocks.dashboard.history import declared_elsewhere, declares_for, holdings, past_weeks
from epi_stocks.dashboard.territory import WITHOUT_ARS
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import EpiItem
from epi_stocks.tables import badge
from establishments.access import allows
from establishments.models import Establishment
from establishments.perimeter import Action
from establishments.redistribution.rights import places_to


@allows(Action.DASH_EPI)
def visu_establishment(request: HttpRequest, finess: str) -> HttpResponse:
    """Out of the territory the establishment does not exist: 404."""
    rows = Establishment.objects.select_related("legal_entity", "category", "department")
    site = get_in_perimeter(rows, request.user, to=Action.DASH_EPI, finess=finess)
    week = current_week()
    items = list(EpiItem.objects.top().on(week))
    carried = calendar_of(week).carried_weeks
    contacts = administrators_of([_late_site(site)])[site.pk]
    return render(
        request,
        "epi_stocks/visu_establishment.html",
        {
            "site": site,
            "week": week,
            "items": items,
            "holdings": [_holding(one) for one in holdings(site, week, items)],
            "weeks": [_week(one) for one in past_weeks(site, week, items, thresholds_on(week))],
            "carried_from": weeks_before_text(carried) if carried else "",
            "moving": moving(site, request.user),
            "may_ask": places_to(EQUIPMENT, request.user, Action.AID_ASK)
            .filter(pk=site.pk)
            .exists(),
            "contacts": contacts,
            "covered_by": declared_elsewhere(site, week),
            "covers": declares_for(site, week),
            "may_read_grid": can(request.user, Action.EPI_READ, site),
            "above": [("Visu", reverse("epi_stocks:visu"))],
            "region": _region(request, site),
        },
    )


def _region(request: HttpRequest, site: Establishment) -> str:
    """The region to name in an address, for those who came from the country."""
    if not request.user.perimeter_to(Action.DASH_EPI).is_national:
        return ""
    return site.region_id or WITHOUT_ARS


def _late_site(site: Establishment) -> LateSite:
    return LateSite(
        site.pk,
        site.finess,
        site.name,
        "",
        "",
        site.legal_entity_id,
        last_week=None,
        last_daily=None,
    )


def _holding(one) -> dict:
    return {
        "item": one.item,
        "badge": badge(one.level),
        "days": days_text(one.days, one.level),
        "stock": "vide" if one.stock is None else quantity_text(one.stock),
        "daily": "vide" if one.daily is None else quantity_text(one.daily),
        "supply": "vide" if one.supply is None else quantity_text(one.supply),
        "is_doubtful": one.is_doubtful,
        "carried_from": one.source_week if one.is_carried else None,
    }


def _week(one) -> dict:
    cells = [
        (days_text(cell.days, cell.level), badge(cell.level)) if cell.level else None
        for cell in one.cells
    ]
    return {"week": one.week, "saved_at": one.first_saved_at, "cells": cells}
