"""What the pages of a flu season share: the season asked for, the pharmacies, the words."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.numbers import row_number
from establishments.perimeter import Action
from pui.models import Pui
from vaccines.flu.desks import desks_of
from vaccines.flu.figures import Figures
from vaccines.flu.following import Season
from vaccines.flu.seasons import (
    UNDER_WAY,
    deadline_text,
    has_begun,
    is_over,
    season_before,
    season_named,
    stage_of,
    under_way,
)
from vaccines.models import DeliveredDoses, FluCampaign, FluNeed, FluRequest, TargetGroup

TITLE = "Demande de vaccins grippe"
WITH_PLACE = ("establishment__legal_entity", "establishment__region")


def season_asked(request: HttpRequest) -> Season | None:
    """The season of the address; an unknown one does not exist; None: there is none at all."""
    now, rows = timezone.now(), list(FluCampaign.objects.all())
    asked = request.POST.get("saison") or request.GET.get("saison", "")
    campaign = season_named(asked, rows, now)
    if campaign is None and asked not in ("", UNDER_WAY):
        raise Http404
    return Season(campaign, season_before(campaign, rows), now, rows) if campaign else None


def own_puis(user: User) -> QuerySet[Pui]:
    """The open pharmacies that a person declares for."""
    rows: QuerySet[Pui] = Pui.objects.for_user(user, to=Action.FLU_WRITE)
    return rows.filter(closed_on=None).select_related(*WITH_PLACE)


def pui_asked(request: HttpRequest) -> Pui | None:
    """The one of the form or of the address, out of reach it does not exist; else the only one."""
    rows = own_puis(request.user)
    number = request.POST.get("pui") or request.GET.get("pui", "")
    if number:
        return get_object_or_404(rows, pk=row_number(number))
    first = list(rows[:2])
    return first[0] if len(first) == 1 else None


def request_of(season: Season, pui: Pui) -> FluRequest | None:
    rows = FluRequest.objects.filter(campaign=season.campaign, pui=pui)
    return rows.select_related("sent_by", "campaign").first()


def delivered_of(season: Season, pui: Pui) -> DeliveredDoses | None:
    rows = DeliveredDoses.objects.filter(campaign=season.campaign, pui=pui)
    return rows.select_related("told_by").first()


def last_needs(season: Season, pui: Pui) -> dict[int, int]:
    """Doses by group, of the season before."""
    rows = FluNeed.objects.filter(request__campaign=season.before, request__pui=pui)
    return dict(rows.order_by().values_list("group", "doses"))


def needs_words(season: Season, pui: Pui, row: FluRequest | None) -> dict[str, Any]:
    """The needs kept, beside those of the season before, and their totals."""
    kept = dict(row.needs.values_list("group", "doses")) if row else {}
    last = last_needs(season, pui)
    groups = TargetGroup.objects.filter(pk__in=kept.keys() | last.keys())
    figures = Figures(needs=kept, last=last)
    delivered = delivered_of(season, pui)
    figures.delivered = delivered.doses if delivered else None
    return {
        "row": row,
        "delivered": delivered,
        "needs": [(one, kept.get(one.pk), last.get(one.pk)) for one in groups],
        "figures": figures,
    }


def season_words(season: Season) -> dict[str, Any]:
    stage = stage_of(season.campaign, season.now)
    return {
        "season": season,
        "campaign": season.campaign,
        "last_season": season.before.season if season.before else "",
        "seasons": season.every,
        "stage": stage.value,
        "deadline": deadline_text(season.campaign, season.now),
        "has_begun": has_begun(season.campaign, season.now),
        "is_over": is_over(season.campaign, season.now),
        "under_way": under_way(season.every, season.now),
    }


def pui_words(pui: Pui) -> dict[str, Any]:
    return {"pui": pui, "desks": desks_of(pui.establishment)}


def trail() -> list[tuple[str, str]]:
    return [(TITLE, reverse("vaccines:flu"))]


def address(season: Season, pui: Pui | None = None) -> str:
    """The page of a season, for a pharmacy."""
    query = f"saison={season.campaign.season}"
    return f"{reverse('vaccines:flu')}?{query}{f'&pui={pui.pk}' if pui else ''}"
