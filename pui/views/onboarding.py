"""« Ouverture des PUI »: the calendar and the progress of the regions, the list of one."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from establishments.models.search import plain_words
from establishments.perimeter import Action
from journal.services import record
from pui.models import OnboardingList
from pui.onboarding.board import Progress, lines_of, progress_of, situations_of
from pui.onboarding.file import workbook_of
from pui.onboarding.forms import LineFilter
from pui.onboarding.steps import READY, Situation, Step
from pui.services.onboarding import OfRegion
from pui.views.onboarding_context import TITLE, may_fill, region_of, regions_of, trail

PER_PAGE = 50
FORMATS = ("xlsx", "csv")
PROGRESS_HEADERS = (
    "Région", "Réunion préparatoire", "Bascule le", "Région pilote", "PUI attendues",
    "Tout va bien", "En retard", *(step.label for step in Step),
)  # fmt: skip


@allows(Action.ONB_READ)
@require_safe
def onboarding(request: HttpRequest) -> HttpResponse:
    """The country's calendar and progress; the person of one region goes to its list."""
    regions = regions_of(request.user)
    is_national = request.user.perimeter_to(Action.ONB_READ).is_national
    if not is_national and len(regions) == 1:
        return redirect("pui:onboarding_region", regions[0].pk)
    progress = progress_of(regions)
    context = {
        "title": TITLE,
        "progress": progress,
        "steps": shown_steps(progress),
        "fine": sum(one.fine for one in progress),
        "expected": sum(one.expected for one in progress),
        "has_lists": any(one.made for one in progress),
        "has_calendar": any(one.switch for one in progress),
        "is_national": request.user.perimeter_to(Action.ONB_WRITE).is_national,
        "formats": FORMATS,
    }
    return render(request, "dispostock/onboarding/overview.html", context)


def shown_steps(progress: list[Progress]) -> list[tuple[Step, int]]:
    """How many lines at each step, in the order of the flow chart; those where none is are left."""
    counts = [(step, sum(one.steps[step] for one in progress)) for step in Step]
    return [(step, count) for step, count in counts if count]


@allows(Action.ONB_READ)
@require_safe
def progress_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same rows as a file, with a column a step."""
    if kind not in FORMATS:
        raise Http404
    rows = [progress_row(one) for one in progress_of(regions_of(request.user))]
    record("pui.onboarding_exported", by=request.user, target=TITLE, rows=len(rows), format=kind)
    name = f"ouverture-des-pui-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(PROGRESS_HEADERS, rows, filename=name)
    return spreadsheet_response(TITLE, PROGRESS_HEADERS, rows, filename=name)


def progress_row(one: Progress) -> list:
    switch = one.switch
    return [
        one.region.name,
        switch.meeting_at if switch else None,
        switch.switches_on if switch else None,
        ("oui" if switch.is_pilot else "non") if switch else None,
        one.expected,
        one.fine,
        one.late,
        *(one.steps[step] for step in Step),
    ]


@allows(Action.ONB_READ)
@require_safe
def onboarding_region(request: HttpRequest, code: str) -> HttpResponse:
    """The list of a region: each line at its step, with what unblocks it."""
    region = region_of(request, code)
    made = OnboardingList.objects.filter(region=region).select_related("region").first()
    progress = progress_of([region])[0]
    form = LineFilter(request.GET)
    situations = situations_of(list(lines_of(made.lines.all()))) if made else []
    page = Paginator(filtered(situations, form), PER_PAGE).get_page(request.GET.get("page"))
    switch = progress.switch
    today = timezone.localdate()
    has_switched = bool(switch and switch.switches_on <= today)
    context = {
        "title": f"{TITLE}, {region}",
        "region": region,
        "made": made,
        "progress": progress,
        "steps": shown_steps([progress]),
        "chosen": request.GET.get("etape", ""),
        "ready": sum(progress.steps[step] for step in READY),
        "to_tell": sum(one.is_to_tell for one in situations),
        "has_switched": has_switched,
        "form": form,
        "page": page,
        "may_fill": may_fill(request.user, region),
        "above": trail(),
    }
    return render(request, "dispostock/onboarding/region.html", context)


def filtered(situations: list[Situation], form: LineFilter) -> list[Situation]:
    """Those of a step, and of words all found in the names or numbers of a line."""
    if not form.is_valid():
        return situations
    step, words = form.cleaned_data["etape"], plain_words(form.cleaned_data["recherche"])
    return [
        one
        for one in situations
        if (not step or one.step == step) and all(word in said_of(one) for word in words)
    ]


def said_of(situation: Situation) -> str:
    line = situation.line
    places = [line.legal_entity, line.establishment, line.site]
    texts = [f"{place.name} {place.finess} {place.town}" for place in places if place]
    return " ".join(plain_words(" ".join([*texts, line.label])))


@allows(Action.ONB_READ)
@require_safe
def onboarding_file(request: HttpRequest, code: str) -> HttpResponse:
    """The list to fill, whole; who took it is written in the journal."""
    region = region_of(request, code)
    made = OnboardingList.objects.filter(region=region).select_related("region").first()
    if made is None:
        raise Http404
    record(
        "pui.onboarding_exported",
        by=request.user,
        target=region,
        place=OfRegion(region.pk),
        rows=made.lines.count(),
        format="xlsx",
    )
    return workbook_of(made)
