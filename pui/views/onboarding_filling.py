"""What the ARS says of the list: one line on screen, or all of them by file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common.carried import SHOWN, carried, carry, refused_file, refused_words
from common.tabular import Row, TabularError, read_table
from establishments.access import allows, as_shown
from establishments.models import Establishment
from establishments.perimeter import Action
from pui.models import OnboardingLine, OnboardingList
from pui.onboarding.file import COLUMNS, LIMITS, Checked, check_rows, require_rows
from pui.onboarding.forms import LineForm, ListFileForm
from pui.onboarding.steps import READY
from pui.onboarding.values import typed_of
from pui.services.onboarding import (
    LineRefusedError,
    ListChangedError,
    OnboardingError,
    add_line,
    apply_file,
    fill_line,
    marks_of,
    state_of,
)
from pui.services.onboarding_people import host_apes
from pui.views.onboarding_context import line_context, line_of, list_to_fill, trail

SALT = "pui.onboarding.file"


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ONB_READ)
def onboarding_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: its step, what unblocks it, the cells to fill."""
    to = Action.ONB_WRITE if request.method == "POST" else Action.ONB_READ
    line = line_of(request, pk, to=to)
    form = LineForm(request.POST or None, line=line)
    changed = ""
    if request.method == "POST" and form.is_valid():
        try:
            fill_line(by=request.user, line=line, typed=form.typed, seen=form.cleaned_data["seen"])
        except LineRefusedError as refused:
            form.refuse(refused.refusals)
        except ListChangedError as refusal:
            changed = str(refusal)
            line = line_of(request, pk)
            typed = request.POST.copy()
            typed["seen"] = typed_of(line).mark
            form = LineForm(typed, line=line)
        except OnboardingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La ligne est enregistrée.")
            return redirect("pui:onboarding_line", pk=pk)
    context = line_context(request, line) | said_of_line(line, form, changed)
    context["ready"] = context["situation"].step in READY
    context["seen"] = marks_of([context["situation"]])
    status = 409 if changed else 422 if form.errors else 200
    return render(request, "dispostock/onboarding/line.html", context, status=status)


def said_of_line(line: OnboardingLine, form: LineForm, changed: str) -> dict[str, Any]:
    """What helps to fill it: the sites of the entity, the hospitals where a group stands."""
    sites = Establishment.objects.open().filter(legal_entity=line.legal_entity_id)
    hosts, apes = host_apes(line)
    return {
        "form": form,
        "changed": changed,
        "sources": [OnboardingLine.Source(one).label for one in line.sources],
        "sites": sites.order_by("sort_name")[:50],
        "hosts": hosts,
        "host_apes": apes,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_add(request: HttpRequest, code: str) -> HttpResponse:
    """A pharmacy that no source knows."""
    onboarding = list_to_fill(request, code)
    form = LineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            line = add_line(by=request.user, onboarding=onboarding, typed=form.typed)
        except LineRefusedError as refused:
            form.refuse(refused.refusals)
        except OnboardingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{line} est dans la liste, marquée «\u00a0A créer\u00a0».")
            return redirect("pui:onboarding_line", pk=line.pk)
    context = {"form": form, "region": onboarding.region, "above": trail(onboarding.region)}
    status = 422 if form.errors else 200
    return render(request, "dispostock/onboarding/add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_upload(request: HttpRequest, code: str) -> HttpResponse:
    """Read the list sent back and tell what it changes; nothing is written yet."""
    onboarding = list_to_fill(request, code)
    form = ListFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            table = read_table(sent, columns=COLUMNS, filename=sent.name, limits=LIMITS)
            require_rows(table.rows)
            return preview(request, onboarding, table.rows, table.unknown_columns)
        except TabularError as refusal:
            form.add_error("file", str(refusal))
    context = {"form": form, "region": onboarding.region, "above": trail(onboarding.region)}
    status = 422 if form.errors else 200
    return render(request, "dispostock/onboarding/upload.html", context, status=status)


def preview(
    request: HttpRequest,
    onboarding: OnboardingList,
    rows: list[Row],
    unknown: tuple[str, ...] = (),
    warning: str = "",
) -> HttpResponse:
    """What the file changes, every refused line with its reason."""
    checked: Checked = check_rows(rows, onboarding)
    errors = list(checked.errors.rows())
    content = [[row.line_number, row.values] for row in rows]
    context = {
        "region": onboarding.region,
        "above": trail(onboarding.region),
        "checked": checked,
        "shown": checked.changes[:SHOWN],
        "unknown": unknown,
        "content": carry(content, SALT),
        "seen": state_of(onboarding),
        "warning": warning,
    } | refused_words(errors)
    status = 409 if warning else 422 if errors else 200
    return render(request, "dispostock/onboarding/check.html", context, status=status)


@require_POST
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_apply(request: HttpRequest, code: str) -> HttpResponse:
    """Write what was shown, all of it or nothing; a second click finds it done."""
    onboarding = list_to_fill(request, code)
    content = carried(request, SALT)
    if content is None:
        return redirect("pui:onboarding_upload", code=code)
    rows = [Row(number, values) for number, values in content]
    try:
        checked = apply_file(
            by=request.user, onboarding=onboarding, rows=rows, seen=request.POST.get("seen", "")
        )
    except OnboardingError as refusal:
        return preview(request, onboarding, rows, warning=str(refusal))
    messages.success(request, applied(len(checked.changes)))
    return redirect("pui:onboarding_region", code=code)


def applied(count: int) -> str:
    if not count:
        return "Tout était déjà enregistré\u00a0: rien de plus n’a changé."
    s = "s" if count > 1 else ""
    return f"{count} ligne{s} enregistrée{s}. Il reste à les valider."


@require_POST
@allows(Action.ONB_WRITE)
def onboarding_errors(request: HttpRequest, code: str) -> HttpResponse:
    """The refused cells, as a file to correct beside."""
    list_to_fill(request, code)
    return refused_file(request, back="pui:onboarding_upload", code=code)
