"""Lines moved, taken away, put back, created: read first, done afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from pui.region.figures import plural
from vaccines.corrections.finding import FoundField
from vaccines.corrections.following import LinesFilter, followed_lines
from vaccines.corrections.forms import FORMS, CreateForm
from vaccines.corrections.places import place_of
from vaccines.corrections.planning import (
    MOST_AT_ONCE,
    CorrectionError,
    Planned,
    planned_move,
    planned_removal,
    planned_return,
    reached_lines,
    settled,
)
from vaccines.corrections.reports import MOVE, REMOVE, RESTORE, reason_of
from vaccines.models import LineReport, SupplyLine
from vaccines.services.corrections import create_line, move_lines, remove_lines, restore_lines
from vaccines.services.report_answers import ReportAnswerError, settle_report
from vaccines.views.corrections import frame_of, report_asked, still_open

DO: Final = "faire"
TOO_LATE: Final = (
    "La date limite des besoins de cette vague est passée\u00a0: la PUI ne peut plus saisir le "
    "sien. Demandez à Santé publique France ou à la cellule nationale de la déplacer."
)
Correct = Callable[[], Sequence[SupplyLine]]


@dataclass(frozen=True, slots=True)
class Words:
    """An act as its pages say it; ``done`` follows a number of lines."""

    title: str
    button: str
    one: str
    several: str


WORDS: Final = {
    MOVE: Words("Déplacer", "Déplacer", "ligne déplacée", "lignes déplacées"),
    REMOVE: Words("Supprimer", "Supprimer", "ligne supprimée", "lignes supprimées"),
    RESTORE: Words("Remettre", "Remettre", "ligne remise", "lignes remises"),
}


@allows(Action.VAC_LINE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def line_correct(request: HttpRequest) -> HttpResponse:
    """Choose where, read what would change and what cannot, then do it."""
    sent = request.POST if request.method == "POST" else request.GET
    act = sent.get("geste", "")
    if act not in FORMS:
        raise Http404
    lines = asked_lines(request.user, sent.getlist("ligne"))
    if sent.get("toutes"):
        lines = listed_lines(request.user, QueryDict(sent.get("liste", "")))
    if not lines:
        messages.error(request, f"Cochez d’abord de 1 à {MOST_AT_ONCE} lignes à corriger.")
        return redirect("vaccines:followed")
    report = report_asked(request)
    form = form_of(request, act, lines, report)
    planned = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("etape") == DO:
                return _done(request, act, form, report)
            planned = _planned(request.user, act, form, lines)
        except (CorrectionError, ReportAnswerError) as refusal:
            form.add_error(None, str(refusal))
    return _shown(request, act, lines, form, planned, report)


def asked_lines(user: User, numbers: Sequence[str]) -> list[SupplyLine]:
    """Those ticked, none when they are too many; one that is out of reach does not exist."""
    asked = {row_number(one) for one in numbers}
    if len(asked) > MOST_AT_ONCE:
        return []
    lines = list(reached_lines(user, asked).order_by("recipient__sort_name", "pk"))
    if len(lines) < len(asked):
        raise Http404
    return lines


def listed_lines(user: User, query: QueryDict) -> list[SupplyLine]:
    """Those of the list that was on screen, all its pages; none when they are too many."""
    rows = followed_lines(user, LinesFilter(query, user=user), timezone.now()).rows
    numbers = list(rows.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    return asked_lines(user, [str(one) for one in numbers])


def form_of(
    request: HttpRequest, act: str, lines: Sequence[SupplyLine], report: LineReport | None
) -> forms.Form:
    form = FORMS[act](request.POST or None, user=request.user)  # type: ignore[call-arg]
    if report:
        form.initial["motif"] = reason_of(report)
        if report.kind == LineReport.Kind.OFFICINE:
            form.initial["cause"] = SupplyLine.Removal.OFFICINE
        if report.kind == LineReport.Kind.MISSING:
            put(form, "pui", report.pui)
    return form


def put(form: forms.Form, name: str, row: Any) -> None:
    """Write a place in its box, as somebody would read and type it."""
    field = form.fields.get(name)
    if isinstance(field, FoundField) and row is not None:
        form.initial[name] = field.label_of(row)


def _planned(user: User, act: str, form: Any, lines: Sequence[SupplyLine]) -> Planned:
    match act:
        case "deplacer":
            return planned_move(lines, settled(user, form.target(), timezone.localdate()))
        case "supprimer":
            typed = form.cleaned_data
            return planned_removal(lines, typed["cause"], typed["motif"], timezone.now())
    return planned_return(lines)


def _done(request: HttpRequest, act: str, form: Any, report: LineReport | None) -> HttpResponse:
    user, typed = request.user, form.cleaned_data
    seen = read_places(request.POST.getlist("vu"))

    def correct() -> list[SupplyLine]:
        if act == MOVE:
            return move_lines(by=user, seen=seen, target=form.target(), reason=typed["motif"])
        if act == REMOVE:
            why, said = typed["cause"], typed["motif"]
            return remove_lines(by=user, seen=seen, removal=why, reason=said)
        return restore_lines(by=user, seen=seen, reason=typed["motif"])

    words = WORDS[act]
    done = settled_by(user, report, correct, words.one, typed["motif"])
    messages.success(request, f"{plural(len(done), words.one, words.several)}.")
    return redirect("vaccines:line_reports" if report else "vaccines:followed")


def settled_by(
    user: User, report: LineReport | None, correct: Correct, done: str, reason: str
) -> Sequence[SupplyLine]:
    """The correction, and the answer to the report that asked for it: the reason, if it is new."""
    if report is None:
        return correct()
    said = "" if reason.strip() == reason_of(report) else reason
    what = done[:1].upper() + done[1:]
    return settle_report(by=user, report=report, correct=correct, done=what, reason=said)


def read_places(sent: Sequence[str]) -> dict[int, str]:
    """« 12:3-7 » for the line 12, where it was on screen."""
    pairs = (one.partition(":") for one in sent[:MOST_AT_ONCE])
    return {row_number(number): place for number, _, place in pairs}


def _shown(
    request: HttpRequest,
    act: str,
    lines: Sequence[SupplyLine],
    form: Any,
    planned: Planned | None,
    report: LineReport | None,
) -> HttpResponse:
    words = WORDS[act]
    context = {
        "act": act,
        "words": words,
        "title": f"{words.title} {plural(len(lines), 'ligne')}",
        "lines": lines,
        "form": form,
        "planned": planned,
        "refused": [(one, planned.refused[one.pk]) for one in lines if one.pk in planned.refused]
        if planned
        else [],
        "seen": [(one.before.pk, place_of(one.before)) for one in planned.done] if planned else [],
        "hidden": _typed(form, planned) if planned else [],
        "label": f"{words.button} {plural(len(planned.done), 'ligne')}" if planned else "",
        "report": still_open(report),
    }
    context |= frame_of(request.user, str(context["title"]))
    template = (
        "vaccines/following/correct_read.html" if planned else "vaccines/following/correct.html"
    )
    return render(request, template, context, status=422 if form.errors else 200)


def _typed(form: Any, planned: Planned) -> list[tuple[str, str]]:
    """What was chosen, written with its number: what is done is what was read.

    The pharmacy too, when it is the one that serves: another may, once the page is read.
    """
    typed = dict(form.cleaned_data)
    if "pui" in typed and planned.done:
        typed["pui"] = planned.done[0].after.pui
    found = []
    for name, field in form.fields.items():
        value = typed.get(name)
        is_place = isinstance(field, FoundField) and value
        found.append((name, field.label_of(value) if is_place else value or ""))
    return found


@allows(Action.VAC_LINE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def line_create(request: HttpRequest) -> HttpResponse:
    """A missing line: prefilled from the report that asks for it."""
    report = report_asked(request)
    form = CreateForm(request.POST or None, user=request.user, initial=_of_report(report))
    if report:
        put(form, "destinataire", report.recipient)
        put(form, "pui", report.pui)
    if request.method == "POST" and form.is_valid():
        try:
            line = _created(request.user, form, report)
        except (CorrectionError, ReportAnswerError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Ligne créée pour {line.recipient}, {line.pui}.")
            if line.wave.needs_due_at <= timezone.now():
                messages.warning(request, TOO_LATE)
            return redirect("vaccines:line", pk=line.pk)
    context = {"form": form, "report": still_open(report)}
    context |= frame_of(request.user, "Créer une ligne")
    status = 422 if form.errors else 200
    return render(request, "vaccines/following/line_create.html", context, status=status)


def _of_report(report: LineReport | None) -> dict[str, Any]:
    known = {"provenance": SupplyLine.Flow.A}
    if report is None:
        return known
    return known | {"vague": report.wave_id, "motif": reason_of(report)}


def _created(user: User, form: CreateForm, report: LineReport | None) -> SupplyLine:
    reason = form.cleaned_data["motif"]

    def create() -> list[SupplyLine]:
        return [create_line(by=user, new=form.new(), reason=reason)]

    return settled_by(user, report, create, "ligne créée", reason)[0]
