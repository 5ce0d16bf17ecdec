"""What the national cell does: the lists from three sources, the calendar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common.carried import carried, carry, refused_file, refused_words
from common.tabular import TabularError
from establishments.access import allows, as_shown
from establishments.models import Region
from establishments.perimeter import Action
from pui.models import SwitchOver
from pui.onboarding.forms import SourcesForm, SwitchForm
from pui.onboarding.sources import FILES, Found, Told, check_sources, counted, read_source
from pui.services.onboarding import ListChangedError, OnboardingError
from pui.services.onboarding_national import Day, make_lists, seen_of, set_switch_over
from pui.views.onboarding_context import region_of, require_national, trail

SALT = "pui.onboarding.sources"


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_sources(request: HttpRequest) -> HttpResponse:
    """Read the files of the sources and tell what the lists gain; nothing is written yet."""
    require_national(request)
    form = SourcesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = told_by(form)
        if not form.errors:
            return sources_preview(request, told, form.cleaned_data["region"])
    context = {"form": form, "above": trail()}
    status = 422 if form.errors else 200
    return render(request, "dispostock/onboarding/sources.html", context, status=status)


def told_by(form: SourcesForm) -> Told:
    """The numbers of each file; one that cannot be read says why beside its field."""
    told = {}
    for source in FILES:
        sent = form.cleaned_data.get(source.value)
        if sent:
            try:
                told[source.value] = read_source(sent, sent.name)
            except TabularError as refusal:
                form.add_error(source.value, str(refusal))
    return told


def sources_preview(request: HttpRequest, told: Told, region: Region | None) -> HttpResponse:
    codes = codes_of(region.pk if region else "")
    found: Found = check_sources(told, codes)
    names = dict(Region.objects.values_list("pk", "name"))
    content = {"told": told, "region": region.pk if region else ""}
    context = {
        "above": trail(),
        "region": region,
        "found": found,
        "read": counted(told),
        "by_region": sorted((names[code], count) for code, count in found.by_region.items()),
        "content": carry(content, SALT),
    } | refused_words(found.errors.rows())
    return render(request, "dispostock/onboarding/sources_check.html", context)


def codes_of(code: str) -> frozenset[str]:
    rows = Region.objects.filter(pk=code) if code else Region.objects.all()
    return frozenset(rows.values_list("pk", flat=True))


@require_POST
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_make(request: HttpRequest) -> HttpResponse:
    """Make the lists that were shown; a second click adds nothing."""
    require_national(request)
    content = carried(request, SALT)
    if content is None:
        return redirect("pui:onboarding_sources")
    found = make_lists(
        by=request.user, told=content["told"], region_codes=codes_of(content["region"])
    )
    count = len(found.new)
    s = "s" if count > 1 else ""
    said = f"{count} établissement{s} ajouté{s} aux listes" if count else "Rien de nouveau"
    messages.success(request, f"{said}. Les ARS peuvent les vérifier.")
    return redirect("pui:onboarding")


@require_POST
@allows(Action.ONB_WRITE)
def onboarding_sources_errors(request: HttpRequest) -> HttpResponse:
    """The refused numbers, as a file."""
    require_national(request)
    return refused_file(request, back="pui:onboarding_sources", filename="numeros-refuses")


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_switch(request: HttpRequest, code: str) -> HttpResponse:
    """When a region leaves maPUI."""
    region = region_of(request, code)
    require_national(request)
    switch = SwitchOver.objects.filter(region=region).first()
    form = SwitchForm(request.POST or None, switch=switch)
    changed = ""
    if request.method == "POST" and form.is_valid():
        try:
            day, seen = Day(**form.cleaned_data), request.POST.get("seen", "")
            set_switch_over(by=request.user, region=region, day=day, seen=seen)
        except ListChangedError as refusal:
            changed = str(refusal)
        except OnboardingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le calendrier de la région {region} est enregistré.")
            return redirect("pui:onboarding")
    context = {
        "region": region,
        "above": trail(),
        "form": form,
        "switch": switch,
        "changed": changed,
        "seen": seen_of(switch),
    }
    status = 409 if changed else 422 if form.errors else 200
    return render(request, "dispostock/onboarding/switch.html", context, status=status)
