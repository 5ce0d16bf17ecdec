"""One wave for those who deliver it: its lines in vials, the delivery plan, the export."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.carried import SHOWN, carried, carry, refused_words
from common.exports import csv_response, spreadsheet_response
from common.numbers import row_number
from common.paging import KeyedPaginator
from common.tabular import TabularError
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from journal.services import record
from vaccines.models import SupplyLine, Wave
from vaccines.searching import lines_named
from vaccines.services.deliveries import DeliveryError, write_deliveries
from vaccines.states import State
from vaccines.views.waves import trail
from vaccines.waves.board import counted, for_list, in_state, whole
from vaccines.waves.forms import LineFilter, PlanFileForm, ProposalForm
from vaccines.waves.plan import Plan, from_file, from_needs, pack, read_page, unpack, vials_of
from vaccines.waves.reach import (
    is_deliverer,
    lines_of_pivots,
    lines_operated,
    may_make,
    waves_operated,
)
from vaccines.waves.tables import export_table, line_table, pui_table, texts_of

PER_PAGE = 50
FORMATS = ("xlsx", "csv")
PLAN_SALT = "vaccines.waves.plan"
BY_PUI = (
    "pui_id",
    "pui__sort_label",
    "pui__label",
    "pui__establishment__finess",
    "pui__establishment__department",
)


def wave_of(request: HttpRequest, pk: int) -> Wave:
    """One that the person makes or delivers; another does not exist."""
    found: Wave = get_object_or_404(waves_operated(request.user), pk=pk)
    return found


def deliveries_of(request: HttpRequest, pk: int) -> tuple[Wave, QuerySet[SupplyLine]]:
    """The wave and the lines that one delivers; the national cell only looks."""
    wave = wave_of(request, pk)
    if not is_deliverer(request.user):
        raise PermissionDenied(refusal(Action.VAC_DELIV))
    rows = SupplyLine.objects.for_user(request.user, to=Action.VAC_DELIV)
    return wave, rows.standing().filter(wave=wave)


@as_shown
@allows(Action.VAC_WAVE, Action.VAC_DELIV)
@require_http_methods(["GET", "HEAD", "POST"])
def wave(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines by pharmacy then recipient; who delivers writes what is planned and shipped."""
    wave = wave_of(request, pk)
    may_write = is_deliverer(request.user)
    if request.method == "POST" and not may_write:
        raise PermissionDenied(refusal(Action.VAC_DELIV))
    now, own = timezone.now(), lines_operated(request.user).filter(wave=wave)
    form = LineFilter(request.GET)
    rows = for_list(filtered(own, form, now))
    page = KeyedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    texts = _texts(page) if may_write else {}
    refused: DeliveryError | None = None
    if request.method == "POST":
        try:
            return _written(request, wave, own)
        except DeliveryError as error:
            refused = error
            texts |= _typed_texts(request, page)
    table = line_table(now, texts if may_write else None)
    context = _words(request, wave, own) | {
        "form": form,
        "page": page,
        "table": table,
        "lines": [table.cells(one) for one in page],
        "has_fields": bool(texts),
        "refused": refused,
        "address": request.get_full_path(),
    }
    status = 409 if refused else 200
    return render(request, "vaccines/waves/wave.html", context, status=status)


def filtered(rows: QuerySet[SupplyLine], form: LineFilter, now: datetime) -> QuerySet[SupplyLine]:
    """Those taken away are shown when they are asked for."""
    typed = form.cleaned_data if form.is_valid() else {}
    state = typed.get("etat")
    rows = rows.filter(in_state(State(state), now)) if state else rows.standing()
    if region := typed.get("region"):
        rows = rows.filter(pui__establishment__region=region)
    if text := (typed.get("recherche") or "").strip():
        rows = rows.filter(lines_named(text))
    return rows


def _texts(page: Page) -> dict[int, dict[str, str]]:
    """The fields of the lines whose delivery may still change."""
    return {one.pk: texts_of(one) for one in page if not (one.removed_at or one.received_whole_at)}


def _typed_texts(request: HttpRequest, page: Page) -> dict[int, dict[str, str]]:
    """What was typed stays in the fields; what stands now is what was seen."""
    known = {one.pk: texts_of(one)["seen"] for one in page}
    typed = read_page(request.POST, list(page)).texts
    return {pk: {**texts, "seen": known[pk]} for pk, texts in typed.items()}


def _written(request: HttpRequest, wave: Wave, own: QuerySet[SupplyLine]) -> HttpResponse:
    """The lines are those that the form carried: a filter may not find one of them any more."""
    numbers = [row_number(name[5:]) for name in request.POST if name.startswith("seen-")]
    named = own.filter(pk__in=numbers[: 2 * PER_PAGE]).select_related("recipient")
    sent = read_page(request.POST, list(named))
    if sent.errors:
        raise DeliveryError("Rien n’est enregistré\u00a0: corrigez ces cases.", sent.errors)
    count = write_deliveries(by=request.user, wave=wave, typed=sent.typed, seen=sent.seen)
    messages.success(request, _said(count))
    return redirect(request.get_full_path())


def _said(count: int) -> str:
    if not count:
        return "Rien n’a changé."
    s = "s" if count > 1 else ""
    return f"{count} livraison{s} enregistrée{s}, visible{s} des PUI."


def _words(request: HttpRequest, wave: Wave, own: QuerySet[SupplyLine]) -> dict[str, Any]:
    return {
        "wave": wave,
        "above": trail(),
        "sums": whole(own.standing()),
        "pivots": lines_of_pivots(request.user).filter(wave=wave).count(),
        "formats": FORMATS,
        "may_make": may_make(request.user),
        "may_write": is_deliverer(request.user),
        "is_due": wave.needs_due_at <= timezone.now(),
        "is_delivered": wave.delivers_on < timezone.localdate(),
    }


@allows(Action.VAC_WAVE, Action.VAC_DELIV)
@require_safe
def wave_puis(request: HttpRequest, pk: int) -> HttpResponse:
    """What each pharmacy receives, in vials."""
    wave = wave_of(request, pk)
    own = lines_operated(request.user).filter(wave=wave)
    rows = counted(own.standing(), *BY_PUI).order_by("pui__sort_label", "pui_id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    table = pui_table()
    context = _words(request, wave, own) | {
        "page": page,
        "table": table,
        "lines": [table.cells(one) for one in page],
    }
    return render(request, "vaccines/waves/puis.html", context)


@allows(Action.VAC_WAVE, Action.VAC_DELIV)
@require_safe
def wave_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """All the lines that one operates; who took them is in the journal."""
    if kind not in FORMATS:
        raise Http404
    wave, now = wave_of(request, pk), timezone.now()
    rows = for_list(lines_operated(request.user).standing().filter(wave=wave))
    rows = rows.prefetch_related("receptions")
    table = export_table(now)
    values = map(table.file_row, rows.iterator(chunk_size=2_000))
    record("vaccines.wave_exported", by=request.user, target=wave, format=kind, rows=rows.count())
    name = f"vague-{wave.delivers_on:%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response(table.title, table.headers, values, filename=name)


@as_shown
@allows(Action.VAC_DELIV)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """The needs that are typed and not planned, as a plan to read before it is written."""
    wave, rows = deliveries_of(request, pk)
    if "content" in request.POST:
        return confirmed(request, wave)
    form = ProposalForm(request.GET or {"jour": wave.delivers_on.isoformat()})
    day = form.cleaned_data["jour"] if form.is_valid() else wave.delivers_on
    plan = from_needs(rows, day)
    late = rows.filter(in_state(State.NEED_LATE, timezone.now())).count()
    more = {"late": late, "is_proposal": True, "form": form}
    return plan_page(request, wave, plan, more)


@as_shown
@allows(Action.VAC_DELIV)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan from a file: what it changes, then written whole or not at all."""
    wave, rows = deliveries_of(request, pk)
    if "content" in request.POST:
        return confirmed(request, wave)
    form = PlanFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["fichier"]
        try:
            plan = from_file(sent, sent.name, rows)
        except TabularError as error:
            form.add_error("fichier", str(error))
        else:
            return plan_page(request, wave, plan, {})
    context = {"form": form, "wave": wave, "above": above(wave)}
    status = 422 if form.errors else 200
    return render(request, "vaccines/waves/plan.html", context, status=status)


def above(wave: Wave) -> list[tuple[str, str]]:
    return trail((wave.label, reverse("vaccines:wave", args=[wave.pk])))


def plan_page(
    request: HttpRequest, wave: Wave, plan: Plan, more: Mapping[str, Any]
) -> HttpResponse:
    rows = [(one, plan.typed[one.pk]) for one in plan.lines[:SHOWN]]
    context = {
        "wave": wave,
        "above": above(wave),
        "plan": plan,
        "vials": vials_of(plan, wave.vaccine),
        "rows": rows,
        "has_shipped": any(one.shipped_on or one.shipped_doses for one in plan.typed.values()),
        "content": carry(pack(plan), PLAN_SALT),
    }
    context |= refused_words(plan.errors.rows())
    return render(request, "vaccines/waves/plan_check.html", context | dict(more))


def confirmed(request: HttpRequest, wave: Wave) -> HttpResponse:
    content = carried(request, PLAN_SALT)
    if content is None:
        return redirect("vaccines:wave", pk=wave.pk)
    typed, seen = unpack(content)
    try:
        count = write_deliveries(by=request.user, wave=wave, typed=typed, seen=seen)
    except DeliveryError as error:
        told = " ".join(error.refusals[:3])
        messages.error(request, f"{error} {told}".strip())
    else:
        messages.success(request, _said(count))
    return redirect("vaccines:wave", pk=wave.pk)
