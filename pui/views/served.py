"""Whom a pharmacy serves: a search of the directory, a date, and an end."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.identifiers import IdentifierError, normalize_finess
from establishments.access import allows, as_shown
from establishments.models import Establishment
from establishments.models.search import SHORTEST, plain_words
from establishments.perimeter import Action
from pui.forms import EndForm, ServedForm
from pui.models import Pui, ServedEstablishment
from pui.services.register import RegisterError
from pui.services.served import declare_served, end_served
from pui.views.register_context import pui_of, trail
from pui.without import serving_puis

MOST_FOUND = 20


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.PUI_WRITE)
def served(request: HttpRequest, pk: int) -> HttpResponse:
    """Those served today, a search for another, and from which day the one chosen is."""
    pui = pui_of(request, pk, to=Action.PUI_WRITE)
    chosen = chosen_of(request)
    form = ServedForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and chosen and form.is_valid():
        try:
            declare_served(by=request.user, pui=pui, establishment=chosen, **form.cleaned_data)
        except RegisterError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{pui} dessert {chosen}.")
            return redirect("pui:served", pk=pui.pk)
    context = {"pui": pui, "chosen": chosen, "form": form, "above": trail(pui)}
    context |= rows_of(pui) | found_by(request, pui)
    context["serving"] = serving_puis([chosen]).get(chosen.pk) if chosen else None
    return render(request, "pui/served.html", context, status=422 if form.errors else 200)


def chosen_of(request: HttpRequest) -> Establishment | None:
    """The establishment to add, once chosen among those found."""
    if not (finess := request.GET.get("ajouter", "")):
        return None
    try:
        finess = normalize_finess(finess)
    except IdentifierError:
        raise Http404 from None
    places = Establishment.objects.for_user(request.user, to=Action.REF_READ)
    return get_object_or_404(places, finess=finess)


@allows(Action.PUI_WRITE)
@require_safe
def served_results(request: HttpRequest, pk: int) -> HttpResponse:
    """What the search finds, while one types."""
    pui = pui_of(request, pk, to=Action.PUI_WRITE)
    context = {"pui": pui} | found_by(request, pui)
    return render(request, "pui/served_found.html", context)


def rows_of(pui: Pui) -> dict:
    today = timezone.localdate()
    rows = pui.served.select_related("establishment__department").order_by(
        "establishment__sort_name", "starts_on"
    )
    return {
        "today": today,
        "rows": [one for one in rows if one.ends_on is None or one.ends_on >= today],
    }


def found_by(request: HttpRequest, pui: Pui) -> dict:
    """The open establishments that answer the search, with what prevents each."""
    text = request.GET.get("recherche", "").strip()
    if sum(map(len, plain_words(text))) < SHORTEST:
        return {"text": text, "is_too_short": bool(text), "found": []}
    sites = list(
        Establishment.objects.for_user(request.user, to=Action.REF_READ)
        .open()
        .search(text)
        .exclude(pk=pui.establishment_id)
        .select_related("legal_entity", "category", "department")
        .order_by("sort_name", "finess")[: MOST_FOUND + 1]
    )
    own = {
        one.establishment_id: one
        for one in Pui.objects.filter(establishment__in=sites, closed_on=None)
    }
    serving = serving_puis(sites)
    today = timezone.localdate()
    ours = set(
        ServedEstablishment.objects.in_force(today)
        .filter(pui=pui, establishment__in=sites)
        .values_list("establishment", flat=True)
    )
    return {
        "text": text,
        "is_cut": len(sites) > MOST_FOUND,
        "found": [
            (one, own.get(one.pk), pui if one.pk in ours else serving.get(one.pk))
            for one in sites[:MOST_FOUND]
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.PUI_WRITE)
def served_end(request: HttpRequest, pk: int, served_pk: int) -> HttpResponse:
    """The last day that an establishment is served."""
    pui = pui_of(request, pk, to=Action.PUI_WRITE)
    rows = ServedEstablishment.objects.filter(pui=pui).select_related("establishment", "pui")
    row = get_object_or_404(rows, pk=served_pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_served(by=request.user, served=row, on=form.cleaned_data["on"])
        except RegisterError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"{row.establishment} n’est plus desservi par {pui} après le "
                f"{form.cleaned_data['on']:%d/%m/%Y}.",
            )
            return redirect("pui:served", pk=pui.pk)
    context = {"pui": pui, "row": row, "form": form, "above": trail(pui)}
    return render(request, "pui/served_end.html", context, status=422 if form.errors else 200)
