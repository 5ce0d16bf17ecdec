"""Reopening a closed due day for one pharmacy: its ARS or the national cell, with a reason."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.lookups import get_in_perimeter
from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from medications.calendar import calendar_of
from medications.models import MonitoredList
from medications.sentences import day_text
from pui.models import Pui, Reopening, Transmission
from pui.services.reopening import (
    ReopeningError,
    end_reopening,
    reopen_due_day,
    reopenings_of,
)
from pui.transfer.sentences import until
from pui.transmission_forms import ReopeningForm
from pui.views.transmissions.context import (
    WITH_PLACE,
    history_address,
    trail,
    words_of,
)

SUGGESTED = timedelta(days=3)
OFFERED = 16  # closed due days


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.MED_REOPEN)
def reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Choose the due day among those that are closed, then until when and why."""
    monitored_list = get_object_or_404(MonitoredList, slug=slug)
    rows = Pui.objects.select_related(*WITH_PLACE)
    pui = get_in_perimeter(rows, request.user, to=Action.MED_REOPEN, pk=pk)
    if request.method == "POST" and "clore" in request.POST:
        return close_again(request, monitored_list, pui)
    days = closed_days(pui, monitored_list)
    initial = {
        "last_day": timezone.localdate() + SUGGESTED,
        "due_on": request.GET.get("echeance", ""),
    }
    form = ReopeningForm(request.POST or None, choices=days, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and reopened(request, form, monitored_list, pui)
    ):
        return redirect(history_address(monitored_list, pui))
    context = words_of(monitored_list) | {
        "pui": pui,
        "form": form,
        "open_ones": [
            (one, until(one.until)) for one in reopenings_of(pui, monitored_list, timezone.now())
        ],
        "history_url": history_address(monitored_list, pui),
        "above": trail(monitored_list),
    }
    status = 422 if form.errors else 200
    return render(request, "dispostock/transmission_reopen.html", context, status=status)


def reopened(
    request: HttpRequest, form: ReopeningForm, monitored_list: MonitoredList, pui: Pui
) -> bool:
    """Reopen, or put the reason why not in the form."""
    due_on, last_day = form.cleaned_data["due_on"], form.cleaned_data["last_day"]
    try:
        reopen_due_day(
            by=request.user,
            pui=pui,
            monitored_list=monitored_list,
            due_on=due_on,
            reason=form.cleaned_data["reason"],
            until=form.until(),
        )
    except ReopeningError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request,
        f"L’échéance du {due_on:%d/%m/%Y} est rouverte à {pui} jusqu’au {last_day:%d/%m/%Y} "
        "inclus.",
    )
    return True


def close_again(request: HttpRequest, monitored_list: MonitoredList, pui: Pui) -> HttpResponse:
    rows = Reopening.objects.filter(pui=pui, monitored_list=monitored_list)
    row = get_object_or_404(rows, pk=row_number(request.POST["clore"]))
    try:
        if end_reopening(by=request.user, reopening=row):
            messages.success(request, f"L’échéance du {row.due_on:%d/%m/%Y} est de nouveau close.")
    except ReopeningError as refusal:
        messages.error(request, str(refusal))
    return redirect("pui:transmission_reopen", slug=monitored_list.pk, pk=pui.pk)


def closed_days(pui: Pui, monitored_list: MonitoredList) -> list[tuple[str, str]]:
    """The due days that closed, the latest first, with what each one holds."""
    now = timezone.localtime()
    calendar = calendar_of(monitored_list)
    days = [
        day
        for day in calendar.past_dues(now, OFFERED)
        if calendar.period(day).closes_at <= now and pui.was_open_on(day)
    ]
    sent = Transmission.objects.filter(
        pui=pui, monitored_list=monitored_list, due_on__in=days, state=Transmission.State.CONFIRMED
    )
    done = set(sent.values_list("due_on", flat=True))
    return [
        (day.isoformat(), f"{day_text(day)}, {'transmise' if day in done else 'rien de transmis'}")
        for day in days
    ]
