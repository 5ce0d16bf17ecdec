"""The waves of those who operate them: their list, a new one, more recipients."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.carried import EXPIRED, SHOWN, carried, carry, refused_file, refused_words
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from vaccines.models import Wave
from vaccines.services.deadlines import DeadlineChangedError, move_deadline
from vaccines.services.waves import (
    CLOSED,
    LinesChangedError,
    Opening,
    WaveError,
    extend_wave,
    open_wave,
)
from vaccines.waves.asked import Asked, pack, template, unpack
from vaccines.waves.board import progress
from vaccines.waves.drafting import Drafted, check
from vaccines.waves.forms import DeadlineForm, RecipientsForm, WaveForm
from vaccines.waves.reach import (
    lines_of_pivots,
    lines_operated,
    may_make,
    operates,
    waves_operated,
)
from vaccines.waves.tables import wave_table

TITLE = "Vagues de vaccins COVID"
SALT = "vaccines.waves.preview"
PER_PAGE = 25
EMPTY = {"lines": 0, "told": 0, "planned": 0, "shipped": 0, "received": 0, "late": 0}
SAVED_DEADLINE = (
    "La date limite est enregistrée. Les PUI dont un besoin manque sont prévenues par courriel."
)


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("vaccines:waves")), *more]


@allows(Action.VAC_WAVE, Action.VAC_DELIV)
@require_safe
def waves(request: HttpRequest) -> HttpResponse:
    return operated(request)


def operated(request: HttpRequest) -> HttpResponse:
    """The waves that one makes or delivers; to a pharmacy that delivers nothing, no such page."""
    if not operates(request.user):
        raise Http404
    page = Paginator(waves_operated(request.user), PER_PAGE).get_page(request.GET.get("page"))
    own = lines_operated(request.user).standing().filter(wave__in=[one.pk for one in page])
    counts = {one["wave"]: one for one in progress(own, "wave")}
    others = lines_of_pivots(request.user).filter(wave__in=[one.pk for one in page])
    pivots = dict(others.order_by().values_list("wave").annotate(count=Count("pk")))
    for one in page:
        one.counts = counts.get(one.pk, EMPTY) | {"pivots": pivots.get(one.pk, 0)}
    table = wave_table()
    context = {
        "title": TITLE,
        "table": table,
        "page": page,
        "lines": [table.cells(one) for one in page],
        "may_make": may_make(request.user),
        "may_set": request.user.may(Action.MED_SETTINGS),
    }
    return render(request, "vaccines/waves/list.html", context)


@as_shown
@allows(Action.VAC_WAVE)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_new(request: HttpRequest) -> HttpResponse:
    """Describe it, read the lines that it would have, confirm: nothing is written before."""
    if "content" in request.POST:
        return confirmed(request)
    form = WaveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        asked = form.asked()
        if not form.errors:
            return preview(request, asked, opening=form.opening())
    return _form_page(request, form, None)


@as_shown
@allows(Action.VAC_WAVE)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_add(request: HttpRequest, pk: int) -> HttpResponse:
    """More recipients for a wave; those that have their line keep it."""
    wave = get_object_or_404(Wave.objects.select_related("vaccine"), pk=pk)
    if wave.needs_due_at <= timezone.now():
        messages.error(request, CLOSED)
        return redirect("vaccines:wave", pk=pk)
    if "content" in request.POST:
        return confirmed(request, wave)
    form = RecipientsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        asked = form.asked()
        if not form.errors:
            return preview(request, asked, wave=wave)
    return _form_page(request, form, wave)


def _form_page(request: HttpRequest, form: RecipientsForm, wave: Wave | None) -> HttpResponse:
    context = {"form": form, "wave": wave, "above": _above(wave)}
    status = 422 if form.errors else 200
    return render(request, "vaccines/waves/new.html", context, status=status)


def _above(wave: Wave | None) -> list[tuple[str, str]]:
    return trail((wave.label, reverse("vaccines:wave", args=[wave.pk]))) if wave else trail()


def preview(
    request: HttpRequest,
    asked: list[Asked],
    *,
    opening: Opening | None = None,
    wave: Wave | None = None,
    drafted: Drafted | None = None,
    changed: str = "",
) -> HttpResponse:
    """How many lines, by region and by pharmacy; what is refused, and why."""
    there = wave or Wave.objects.filter(label=opening.label if opening else "").first()
    told = opening or Opening(wave.label, wave.vaccine, wave.delivers_on, wave.needs_due_at)
    drafted = drafted or check(asked, told.vaccine, told.delivers_on, there)
    content = {"asked": pack(asked), "seen": drafted.mark, "opening": _packed(opening)}
    context: dict[str, Any] = {
        "wave": wave,
        "opening": told,
        "drafted": drafted,
        "by_pui": drafted.by_pui[:SHOWN],
        "more_puis": max(0, drafted.puis - SHOWN),
        "above": _above(wave),
        "content": carry(content, SALT),
        "changed": changed,
        "has_vials": told.vaccine.doses_per_vial(told.delivers_on) is not None,
        "may_set": request.user.may(Action.MED_SETTINGS),
    }
    context |= refused_words(drafted.errors.rows())
    status = 409 if changed else 200
    return render(request, "vaccines/waves/check.html", context, status=status)


def _packed(opening: Opening | None) -> list[Any]:
    if opening is None:
        return []
    day, due = opening.delivers_on.isoformat(), opening.needs_due_at.isoformat()
    return [opening.label, opening.vaccine.pk, day, due]


def _opening_of(content: dict[str, Any]) -> Opening | None:
    """As the preview carried it, read by the same form."""
    if not content["opening"]:
        return None
    label, vaccine, day, due = content["opening"]
    fields = WaveForm.base_fields
    return Opening(
        label,
        fields["vaccine"].clean(vaccine),
        fields["delivers_on"].clean(day),
        fields["needs_due_at"].clean(due),
    )


def confirmed(request: HttpRequest, wave: Wave | None = None) -> HttpResponse:
    """Write what was shown; shown anew when it is not the same any more."""
    content = carried(request, SALT)
    if content is None:
        return redirect("vaccines:waves")
    asked, opening = unpack(content["asked"]), _opening_of(content)
    if (opening is None) is (wave is None):  # a preview of the other page
        messages.error(request, EXPIRED)
        return redirect("vaccines:waves")
    try:
        found, count = _written(request, asked, opening, wave, content["seen"])
    except LinesChangedError as refusal:
        changed = {"drafted": refusal.drafted, "changed": str(refusal)}
        return preview(request, asked, opening=opening, wave=wave, **changed)
    except WaveError as refusal:
        messages.error(request, str(refusal))
        return redirect("vaccines:waves")
    messages.success(request, _said(count))
    return redirect("vaccines:wave", pk=found.pk)


def _written(
    request: HttpRequest, asked: list[Asked], opening: Opening | None, wave: Wave | None, seen: str
) -> tuple[Wave, int]:
    if opening:
        return open_wave(by=request.user, opening=opening, asked=asked, seen=seen)
    return wave, extend_wave(by=request.user, wave=wave, asked=asked, seen=seen)


def _said(count: int) -> str:
    if not count:
        return "Ces lignes sont déjà créées\u00a0: rien de plus n’est écrit."
    s = "s" if count > 1 else ""
    return f"{count} ligne{s} créée{s}. Les PUI sont prévenues par courriel."


@as_shown
@allows(Action.VAC_WAVE)
@require_http_methods(["GET", "HEAD", "POST"])
def wave_deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """Another deadline for the needs: a pharmacy that is late may then type."""
    wave = get_object_or_404(Wave.objects.select_related("vaccine"), pk=pk)
    form = DeadlineForm(request.POST or None, wave=wave)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            move_deadline(by=request.user, wave=wave, **form.cleaned_data)
        except DeadlineChangedError as refusal:
            form, status = DeadlineForm(wave=Wave.objects.get(pk=pk), told=str(refusal)), 409
        except WaveError as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, SAVED_DEADLINE)
            return redirect("vaccines:wave", pk=pk)
    context = {"form": form, "wave": wave, "above": _above(wave)}
    status = 422 if form.is_bound and form.errors else status
    return render(request, "vaccines/waves/deadline.html", context, status=status)


@allows(Action.VAC_WAVE)
@require_safe
def wave_template(request: HttpRequest) -> HttpResponse:
    return template()


@require_POST
@allows(Action.VAC_WAVE, Action.VAC_DELIV)
def wave_errors(request: HttpRequest) -> HttpResponse:
    """The refused cells, as a file."""
    return refused_file(request, back="vaccines:waves")
