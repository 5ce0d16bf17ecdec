"""« Demande Vaccins Grippe »: a pharmacy types its needs and what it was delivered."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from pui.models import Pui
from vaccines.flu.following import Season
from vaccines.flu.forms import DeliveredForm, RequestForm, initial_of, offered_groups
from vaccines.flu.seasons import is_over
from vaccines.flu.trail import delivered_changes, request_changes
from vaccines.models import DeliveredDoses, FluRequest
from vaccines.services.flu import (
    ChangedMeanwhileError,
    FluError,
    send_request,
    tell_delivered,
)
from vaccines.views import flu_followed
from vaccines.views.flu_context import (
    WITH_PLACE,
    address,
    delivered_of,
    last_needs,
    needs_words,
    own_puis,
    pui_asked,
    pui_words,
    request_of,
    season_asked,
    season_words,
    trail,
)


@allows(Action.FLU_WRITE, Action.FLU_READ)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def flu(request: HttpRequest) -> HttpResponse:
    """For those who declare, their form; for those who follow, the table."""
    season = season_asked(request)
    if season is None:
        context = {"may_set": request.user.may(Action.MED_SETTINGS)}
        return render(request, "vaccines/flu/none.html", context)
    if not request.user.may(Action.FLU_WRITE):
        if request.method == "POST":
            raise PermissionDenied(refusal(Action.FLU_WRITE))
        return flu_followed.followed(request, season)
    pui = pui_asked(request)
    if pui is None:
        return choose(request, season)
    return send(request, season, pui) if request.method == "POST" else page(request, season, pui)


def choose(request: HttpRequest, season: Season) -> HttpResponse:
    """Which of one's pharmacies, whether its request is there, what it was delivered."""
    puis = list(own_puis(request.user))
    rows = FluRequest.objects.filter(campaign=season.campaign, pui__in=puis)
    sent = dict(rows.order_by().values_list("pui", "sent_at"))
    told = DeliveredDoses.objects.filter(campaign=season.campaign, pui__in=puis).order_by()
    delivered = dict(told.values_list("pui", "doses"))
    described = [(one, sent.get(one.pk), delivered.get(one.pk)) for one in puis]
    context = season_words(season) | {"puis": described}
    return render(request, "vaccines/flu/choose.html", context)


def send(request: HttpRequest, season: Season, pui: Pui) -> HttpResponse:
    form = request_form(season, pui, request.POST)
    if not form.is_valid():
        return page(request, season, pui, form, status=422)
    try:
        send_request(
            by=request.user,
            campaign=season.campaign,
            pui=pui,
            asked=form.asked(),
            seen=form.cleaned_data["seen"],
        )
    except ChangedMeanwhileError as refusal:
        form.keep_beside(refusal.row)
        form.add_error(None, str(refusal))
        return page(request, season, pui, form, status=409)
    except FluError as refusal:
        form.add_error(None, str(refusal))
        return page(request, season, pui, form, status=422)
    messages.success(request, "La demande est transmise. Voici l’accusé de réception.")
    return redirect(receipt_address(season, pui))


def receipt_address(season: Season, pui: Pui) -> str:
    return f"{reverse('vaccines:flu_pui', args=[pui.pk])}?saison={season.campaign.season}"


def request_form(season: Season, pui: Pui, data: Any = None) -> RequestForm:
    row = request_of(season, pui)
    return RequestForm(
        data,
        groups=offered_groups(row),
        last=last_needs(season, pui),
        last_season=season.before.season if season.before else "",
        initial=initial_of(row),
    )


def page(
    request: HttpRequest,
    season: Season,
    pui: Pui,
    form: RequestForm | None = None,
    delivered_form: DeliveredForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """After a refusal, what was typed stays in the fields."""
    words = needs_words(season, pui, request_of(season, pui))
    context = season_words(season) | pui_words(pui) | words
    context |= {
        "has_others": own_puis(request.user).exclude(pk=pui.pk).exists(),
        "form": form or request_form(season, pui),
        "delivered_form": delivered_form or delivered_form_of(season, words["delivered"]),
        "delivered_changes": history_of(words["delivered"]),
        "receipt_url": receipt_address(season, pui),
    }
    return render(request, "vaccines/flu/page.html", context, status=status)


def delivered_form_of(
    season: Season, row: DeliveredDoses | None, data: Any = None
) -> DeliveredForm:
    return DeliveredForm(data, row=row, is_over=is_over(season.campaign, season.now))


def history_of(delivered: Any) -> list[Any]:
    return delivered_changes(delivered) if delivered else []


@allows(Action.FLU_WRITE)
@as_shown
@require_POST
def flu_delivered(request: HttpRequest) -> HttpResponse:
    """« Quantité cumulée commandée livrée »."""
    season, pui = season_asked(request), pui_asked(request)
    if season is None or pui is None:
        return redirect("vaccines:flu")
    form = delivered_form_of(season, delivered_of(season, pui), request.POST)
    if not form.is_valid():
        return page(request, season, pui, delivered_form=form, status=422)
    told = {"campaign": season.campaign, "pui": pui, "told": form.told()}
    try:
        tell_delivered(by=request.user, seen=form.cleaned_data["seen"], **told)
    except ChangedMeanwhileError as refusal:
        form.keep_beside(refusal.row)
        form.add_error(None, str(refusal))
        return page(request, season, pui, delivered_form=form, status=409)
    except FluError as refusal:
        form.add_error(None, str(refusal))
        return page(request, season, pui, delivered_form=form, status=422)
    messages.success(request, "La quantité livrée est enregistrée.")
    return redirect(f"{address(season, pui)}#livre")


@allows(Action.FLU_READ)
@require_safe
def flu_pui(request: HttpRequest, pk: int) -> HttpResponse:
    """What a pharmacy told of a season: the receipt to print, and its history."""
    reached = Pui.objects.for_user(request.user, to=Action.FLU_READ)
    pui = get_object_or_404(reached.select_related(*WITH_PLACE), pk=pk)
    season = season_asked(request)
    if season is None:
        return redirect("vaccines:flu")
    words = needs_words(season, pui, request_of(season, pui))
    row = words["row"]
    context = season_words(season) | pui_words(pui) | words
    context |= {
        "changes": request_changes(row) if row else [],
        "delivered_changes": history_of(words["delivered"]),
        "may_write": may_write(request.user, pui),
        "form_url": address(season, pui),
        "today": timezone.localdate(),
        "above": trail(),
    }
    return render(request, "vaccines/flu/receipt.html", context)


def may_write(user: User, pui: Pui) -> bool:
    return user.may(Action.FLU_WRITE) and own_puis(user).filter(pk=pui.pk).exists()
