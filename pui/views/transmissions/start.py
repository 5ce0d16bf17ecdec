"""Step 1: which pharmacy, which due day, which file."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.exports import template_response
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from medications.calendar import calendar_of
from medications.models import MonitoredList
from medications.sentences import due_sentence
from pui.dues import Due, DueState, dues_of
from pui.models import Pui, Reopening, Transmission
from pui.rights import write_action
from pui.services.reopening import reopenings_of
from pui.services.transmitting import TransmittingError, deposit
from pui.transfer.sentences import moment, until
from pui.transfer.template import NOTES, TEXT_COLUMNS, WRITTEN, template_rows
from pui.transmission_forms import TransmissionForm
from pui.views.transmissions.context import (
    READERS,
    WRITERS,
    address_of,
    ars_of,
    list_of,
    list_to_write,
    own_puis,
    pui_among,
    readable,
    step,
    trail,
    words_of,
)
from pui.views.transmissions.history import shown_history
from pui.without import sites_without

State = Transmission.State
WAITING = (State.READING, State.READY, State.STORING, State.REFUSED)
LAST_SENT = 5
CLOSED_SHOWN = 4  # due days before those that are open


@dataclass(frozen=True, slots=True)
class Chosen:
    """A due day that may be declared now, as it is offered."""

    due_on: date
    state: DueState
    text: str
    transmission: Transmission | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(*WRITERS, *READERS)
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """For those who declare, the first step; for those who only read, what was transmitted."""
    if request.method == "POST":
        return send(request, list_to_write(request, slug))
    monitored_list = list_of(request, slug)
    if not request.user.may(write_action(monitored_list)):
        return shown_history(request, monitored_list)
    puis = own_puis(request.user, monitored_list)
    pui = pui_among(puis, request.GET.get("pui")) or only(puis)
    if pui is None:
        return choose_pui(request, monitored_list, list(puis))
    return show(request, monitored_list, pui)


def only(puis) -> Pui | None:
    first = list(puis[:2])
    return first[0] if len(first) == 1 else None


def choose_pui(
    request: HttpRequest, monitored_list: MonitoredList, puis: list[Pui]
) -> HttpResponse:
    """Which one, with what each still has to declare; or none yet, and what to do."""
    dues = dues_of(puis, [monitored_list.pk], timezone.localtime())
    context = words_of(monitored_list) | {
        "puis": [(pui, [due for due in dues if due.pui == pui]) for pui in puis],
        "without": sites_without(request.user),
        "may_write": request.user.may(Action.PUI_WRITE),
        "above": trail(monitored_list)[:-1],
        "current": trail(monitored_list)[-1][0],
    }
    return render(request, "dispostock/transmission_pui.html", context | step(1))


def send(request: HttpRequest, monitored_list: MonitoredList) -> HttpResponse:
    pui = pui_among(own_puis(request.user, monitored_list), request.POST.get("pui"))
    if pui is None:
        return redirect("pui:transmission", slug=monitored_list.pk)
    now = timezone.localtime()
    form = TransmissionForm(
        request.POST, request.FILES, choices=as_choices(choices_of(pui, monitored_list, now))
    )
    if not form.is_valid():
        return show(request, monitored_list, pui, form)
    try:
        deposited = deposit(
            form.cleaned_data["file"],
            by=request.user,
            pui=pui,
            monitored_list=monitored_list,
            due_on=form.cleaned_data["due_on"],
            now=now,
        )
    except TransmittingError as refusal:
        form.add_error("file", str(refusal))
        return show(request, monitored_list, pui, form)
    if deposited.already:
        messages.info(request, deposited.already)
    return redirect(address_of(deposited.transmission))


def show(
    request: HttpRequest,
    monitored_list: MonitoredList,
    pui: Pui,
    form: TransmissionForm | None = None,
) -> HttpResponse:
    now = timezone.localtime()
    choices = choices_of(pui, monitored_list, now)
    if form is None:
        form = TransmissionForm(
            choices=as_choices(choices),
            initial={"due_on": first_choice(choices, request.GET.get("echeance", ""))},
        )
    rows = readable(request.user, monitored_list).filter(pui=pui).defer("content")
    context = words_of(monitored_list) | {
        "pui": pui,
        "has_others": own_puis(request.user, monitored_list).exclude(pk=pui.pk).exists(),
        "form": form,
        "choices": choices,
        "late": next((one for one in choices if one.state is DueState.LATE), None),
        "closed": closed_days(pui, monitored_list, now, choices),
        "waiting": list(rows.filter(state__in=WAITING)[:LAST_SENT]),
        "sent": rows.filter(state__in=Transmission.STORED).order_by("-confirmed_at")[:LAST_SENT],
        "ars": ars_of(pui.establishment),
        "above": trail(monitored_list)[:-1],
        "current": trail(monitored_list)[-1][0],
    }
    status = 422 if form.errors else 200
    return render(request, "dispostock/transmission.html", context | step(1), status=status)


def choices_of(pui: Pui, monitored_list: MonitoredList, now: datetime) -> list[Chosen]:
    """The one just past, the one expected, and those reopened for this pharmacy."""
    dues = dues_of([pui], [monitored_list.pk], now)
    found = [chosen_of(due) for due in dues]
    open_days = {one.due_on for one in found}
    reopened = reopenings_of(pui, monitored_list, now)
    return [
        *(reopened_choice(one) for one in reversed(reopened) if one.due_on not in open_days),
        *found,
    ]


def chosen_of(due: Due) -> Chosen:
    told = {
        DueState.LATE: "en retard, rien n’est transmis",
        DueState.TO_FINISH: "saisie commencée, pas encore transmise",
        DueState.TO_DO: "à transmettre",
        DueState.PASSED: "rien n’est transmis, une échéance plus récente l’est",
    }
    if due.transmission and due.transmission.confirmed_at:
        state = (
            f"déjà transmise le {moment(due.transmission.confirmed_at)}, ce fichier la remplacera"
        )
    else:
        state = told[due.state]
    sentence = due_sentence(due.period)
    text = f"{sentence[0].upper()}{sentence[1:]}\u00a0: {state}"
    return Chosen(due.period.due_on, due.state, text, due.transmission)


def reopened_choice(one: Reopening) -> Chosen:
    text = f"{one.due_on:%d/%m/%Y}\u00a0: close, rouverte jusqu’au {until(one.until)}"
    return Chosen(one.due_on, DueState.TO_DO, f"{text}, motif\u00a0: {one.reason}")


def as_choices(choices: list[Chosen]) -> list[tuple[str, str]]:
    return [(one.due_on.isoformat(), one.text) for one in choices]


def first_choice(choices: list[Chosen], asked: str) -> str:
    """The one asked for; else the only one that waits. Between two, the person says."""
    days = [one.due_on.isoformat() for one in choices]
    if asked in days:
        return asked
    waiting = [one for one in choices if one.state not in (DueState.DONE, DueState.PASSED)]
    return waiting[0].due_on.isoformat() if len(waiting) == 1 else ""


def closed_days(
    pui: Pui, monitored_list: MonitoredList, now: datetime, choices: list[Chosen]
) -> list[date]:
    """The last due days closed without anything transmitted: its ARS may reopen them."""
    calendar = calendar_of(monitored_list)
    offered = {one.due_on for one in choices}
    past = calendar.past_dues(now, CLOSED_SHOWN)
    days = [
        day
        for day in past
        if day not in offered and pui.was_open_on(day) and calendar.period(day).closes_at <= now
    ]
    sent = Transmission.objects.filter(
        pui=pui, monitored_list=monitored_list, due_on__in=days, state=State.CONFIRMED
    )
    return [day for day in days if day not in set(sent.values_list("due_on", flat=True))]


@allows(*WRITERS)
@require_safe
def template(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """The workbook to fill: a line a followed product, its quantities blank (blank is not 0)."""
    monitored_list = list_to_write(request, slug)
    pui = pui_among(own_puis(request.user, monitored_list), pk)
    if pui is None:
        raise Http404
    due_on = calendar_of(monitored_list).expected(timezone.now()).due_on
    rows = template_rows(pui, monitored_list, due_on)
    name = f"stock-{monitored_list.pk}-{pui.establishment.finess}"
    return template_response(WRITTEN, rows, NOTES, filename=name, text_columns=TEXT_COLUMNS)
