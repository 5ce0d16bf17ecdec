"""The sheet of a pharmacy: read, printed, created, changed, and what was changed of it."""

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.lookups import can
from accounts.models import User
from establishments.access import allows, as_shown
from establishments.models import Establishment
from establishments.perimeter import Action
from medications.models import MonitoredList
from pui.addresses import address_of, has_address
from pui.forms import PuiForm, sites_for
from pui.history import changes_of, text_of, version_of
from pui.models import Pui
from pui.particular import groups_at, particular_of
from pui.rights import READ, read_action
from pui.services.register import (
    ChangedMeanwhileError,
    RegisterError,
    create_pui,
    describe_pui,
    label_of,
)
from pui.sheet import address_note, missing_of
from pui.views.register_context import pui_of, trail
from pui.views.transmissions.context import may_reopen
from pui.without import MOST_SITES, entity_without_site, reached_sites, told

CHANGES_SHOWN = 5


@allows(Action.PUI_READ)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is said of a pharmacy, whom it serves, what was last changed."""
    pui = pui_of(request, pk)
    today = timezone.localdate()
    served = pui.served.select_related("establishment__department").order_by(
        "establishment__sort_name", "starts_on"
    )
    changes = changes_of(pui)
    context = sheet_context(pui) | {
        "served": [one for one in served if one.ends_on is None or one.ends_on >= today],
        "served_before": [one for one in served if one.ends_on and one.ends_on < today],
        "changes": changes[:CHANGES_SHOWN],
        "more_changes": len(changes) > CHANGES_SHOWN,
        "missing": missing_of(pui) if pui.is_open else [],
        "may_write": can(request.user, Action.PUI_WRITE, pui),
        "may_transmit": pui.is_open and can(request.user, Action.MED_WRITE, pui),
        "lists": readable_lists(request.user, pui),
        "may_reopen": pui.is_open and may_reopen(request.user, pui),
        "above": trail(),
    }
    return render(request, "pui/detail.html", context)


def readable_lists(user: User, pui: Pui) -> list[MonitoredList]:
    """The lists whose declarations by this pharmacy the person may read."""
    reached = {action: can(user, action, pui) for action in dict.fromkeys(READ.values())}
    return [one for one in MonitoredList.objects.all() if reached[read_action(one)]]


def sheet_context(pui: Pui) -> dict:
    return {
        "pui": pui,
        "site": pui.establishment,
        "particular": particular_of(pui.establishment),
        "address_note": address_note(pui),
    }


@allows(Action.PUI_READ)
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What a supplier needs to deliver, on one page to print."""
    pui = pui_of(request, pk)
    context = sheet_context(pui) | {"above": trail(pui), "today": timezone.localdate()}
    return render(request, "pui/sheet.html", context)


@allows(Action.PUI_READ)
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was changed, by whom and when."""
    pui = pui_of(request, pk)
    context = {"pui": pui, "changes": changes_of(pui), "above": trail(pui)}
    return render(request, "pui/history.html", context)


@allows(Action.PUI_WRITE)
@require_safe
def choose_site(request: HttpRequest) -> HttpResponse:
    """Where the new pharmacy stands: one's sites, or those of a region found by a search."""
    sites = reached_sites(request.user, Action.PUI_WRITE)
    text = request.GET.get("recherche", "").strip()
    count = sites.count()
    if count == 1:
        return redirect("pui:create", finess=sites.get().finess)
    is_long = count > MOST_SITES
    if is_long or text:
        sites = sites.search(text)
    context = {
        "is_long": is_long,
        "text": text,
        "sites": told_with_pharmacies(sites[: MOST_SITES + 1]),
        "most": MOST_SITES,
        "count": count,
        "entity_without_site": entity_without_site(request.user),
        "above": trail(),
    }
    return render(request, "pui/choose_site.html", context)


def told_with_pharmacies(sites) -> list[tuple]:
    """Each site, its particular case and who serves it, then the open pharmacies it has."""
    found = list(sites)
    own: dict[int, list[Pui]] = {}
    for pui in Pui.objects.filter(establishment__in=found, closed_on=None):
        own.setdefault(pui.establishment_id, []).append(pui)
    return [(one, own.get(one.place.pk, [])) for one in told(found)]


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.PUI_WRITE)
def create(request: HttpRequest, finess: str) -> HttpResponse:
    """Describe a new pharmacy at a site within reach, its address proposed."""
    site = site_of(request.user, finess)
    form = PuiForm(request.POST or None, site=site)
    if request.method == "POST" and form.is_valid():
        try:
            pui = create_pui(by=request.user, site=site, values=form.values)
        except RegisterError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, f"{pui} est créée. Elle peut maintenant transmettre ses stocks."
            )
            return redirect("pui:detail", pk=pui.pk)
    context = form_context(form, site) | {
        "others": Pui.objects.filter(establishment=site, closed_on=None),
        "serving": next((one.served_by for one in told([site]) if one.served_by), None),
        "groups": groups_at(site),
        "above": [*trail(), ("Nouvelle PUI", reverse("pui:choose_site"))],
    }
    return render(request, "pui/create.html", context, status=422 if form.errors else 200)


def site_of(user: User, finess: str) -> Establishment:
    sites = Establishment.objects.for_user(user, to=Action.PUI_WRITE).select_related(
        "legal_entity", "category"
    )
    return get_object_or_404(sites, finess=finess)


def form_context(form: PuiForm, site: Establishment) -> dict:
    return {
        "form": form,
        "site": site,
        "particular": particular_of(site),
        "known_address": address_of(site) if has_address(site) else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.PUI_WRITE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a pharmacy; what somebody else changed meanwhile is shown."""
    pui = pui_of(request, pk, to=Action.PUI_WRITE)
    if not pui.is_open:
        messages.info(request, "Cette PUI est fermée\u00a0: rouvrez-la pour modifier sa fiche.")
        return redirect("pui:detail", pk=pui.pk)
    offered = {"site": pui.establishment, "sites": sites_for(request.user, pui)}
    seen = {"seen": version_of(pui)}
    form = PuiForm(request.POST or None, instance=copy(pui), initial=seen, **offered)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            save_sheet(request, pui, form)
        except ChangedMeanwhileError as told:
            conflict, form = told, compared(request, told, offered)
        except RegisterError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La fiche est à jour.")
            return redirect("pui:detail", pk=pk)
    context = form_context(form, pui.establishment) | {
        "pui": pui,
        "theirs": their_values(conflict) if conflict else [],
        "above": trail(pui),
    }
    return render(request, "pui/edit.html", context, status=422 if form.errors else 200)


def save_sheet(request: HttpRequest, pui: Pui, form: PuiForm) -> Pui:
    seen = form.cleaned_data["seen"] or 0
    return describe_pui(by=request.user, pui=pui, values=form.values, seen=seen)


def their_values(conflict: ChangedMeanwhileError) -> list[tuple[str, str]]:
    """What is saved now in the fields that two people changed."""
    return [(label_of(name), shown(name, conflict.pui)) for name in conflict.fields]


def shown(name: str, pui: Pui) -> str:
    """The site by its name, anything else as text."""
    return text_of(getattr(pui, name.removesuffix("_id")))


def compared(request: HttpRequest, conflict: ChangedMeanwhileError, offered: dict) -> PuiForm:
    """The form again, up to date but for what this person typed, ready to be saved over."""
    data = request.POST.copy()
    for name in PuiForm.base_fields:
        attribute = "establishment_id" if name == "establishment" else name
        if name != "seen" and attribute not in conflict.mine:
            value = getattr(conflict.pui, attribute)
            data[name] = "" if value is None else str(value)
    data["seen"] = str(version_of(conflict.pui))
    form = PuiForm(data, instance=copy(conflict.pui), **offered)
    form.is_valid()
    form.add_error(None, str(conflict))
    return form
