"""A pharmacy closes, told of what is still expected of it; and opens again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from medications.models import MonitoredList
from pui.dues import DueState, dues_of
from pui.forms import ClosingForm
from pui.models import LatestStock, Pui, Transmission
from pui.services.closing import close_pui, reopen_pui
from pui.services.register import RegisterError
from pui.views.register_context import pui_of, trail


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.PUI_WRITE)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what closing changes, then do it."""
    pui = pui_of(request, pk, to=Action.PUI_WRITE)
    if not pui.is_open:
        return redirect("pui:detail", pk=pui.pk)
    form = ClosingForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            close_pui(by=request.user, pui=pui, **form.cleaned_data)
        except RegisterError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{pui} est fermée. Ses transmissions restent consultables.")
            return redirect("pui:detail", pk=pui.pk)
    context = {"pui": pui, "form": form, "above": trail(pui)} | left_behind(pui)
    return render(request, "pui/close.html", context, status=422 if form.errors else 200)


def left_behind(pui: Pui) -> dict:
    """What a closing leaves undone: declarations expected, files to confirm, stock, sites."""
    now = timezone.localtime()
    today = now.date()
    dues = dues_of([pui], MonitoredList.Slug.values, now)
    under_way = Transmission.objects.filter(
        pui=pui, state__in=[Transmission.State.READY, Transmission.State.READING]
    )
    served = pui.served.in_force(today).select_related("establishment")
    return {
        "expected": [one for one in dues if one.state not in (DueState.DONE, DueState.PASSED)],
        "under_way": under_way.count(),
        "in_stock": LatestStock.objects.filter(pui=pui, stock__gt=0).count(),
        "served": served.order_by("establishment__sort_name"),
        "others": Pui.objects.filter(establishment=pui.establishment_id, closed_on=None)
        .exclude(pk=pui.pk)
        .count(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.PUI_WRITE)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what opening again changes, then do it."""
    pui = pui_of(request, pk, to=Action.PUI_WRITE)
    if pui.is_open:
        return redirect("pui:detail", pk=pui.pk)
    if request.method == "POST":
        try:
            reopen_pui(by=request.user, pui=pui)
        except RegisterError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{pui} est de nouveau ouverte.")
        return redirect("pui:detail", pk=pui.pk)
    no_longer = pui.served.filter(ends_on=pui.closed_on).select_related("establishment")
    context = {
        "pui": pui,
        "no_longer": no_longer.order_by("establishment__sort_name"),
        "above": trail(pui),
    }
    return render(request, "pui/reopen.html", context)
