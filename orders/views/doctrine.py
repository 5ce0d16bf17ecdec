"""Doctrines: the list, one to read, a copy to write, two to compare."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.numbers import row_number
from epi_stocks.models import EpiItem
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.doctrine.differences import differences
from orders.doctrine.forms import (
    CompareForm,
    CopyForm,
    TextForm,
    TypedGrid,
    offered_categories,
    read_grid,
    shown_grid,
    typed_doctrine,
)
from orders.doctrine.grid import Grid, grid_of
from orders.doctrine.reading import doctrine_on, uncovered
from orders.doctrine.tables import drawn_groups
from orders.models import Basis, Doctrine
from orders.services.doctrines import (
    ChangedMeanwhileError,
    DoctrineError,
    change_doctrine,
    copy_doctrine,
    delete_doctrine,
    is_editable,
    why_fixed,
    why_kept,
)

TITLE = "Doctrines"


def trail(*above: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ("Distrilog-Santé", reverse("orders:start")),
        (TITLE, reverse("orders:doctrines")),
        *above,
    ]


@allows(Action.ORD_QUOTA_READ)
@require_safe
def doctrines(request: HttpRequest) -> HttpResponse:
    """The one in force first, then those to come, then the past, the last first."""
    today = timezone.localdate()
    current = doctrine_on(today)
    rows = list(Doctrine.objects.select_related("written_by", "changed_by"))
    context = {
        "title": TITLE,
        "above": trail()[:1],
        "current": current,
        "coming": sorted(
            (one for one in rows if one.starts_on > today), key=lambda one: one.starts_on
        ),
        "past": [one for one in rows if one.starts_on <= today and one != current],
        "may_write": request.user.may(Action.QUOTA_WRITE),
    }
    return render(request, "orders/doctrine/list.html", context)


@allows(Action.ORD_QUOTA_READ)
@require_safe
def doctrine(request: HttpRequest, pk: int) -> HttpResponse:
    """To read and to print."""
    one, today = _found(pk), timezone.localdate()
    grid, current = grid_of(one), doctrine_on(today)
    may_write = request.user.may(Action.QUOTA_WRITE)
    context = {
        "doctrine": one,
        "above": trail(),
        "groups": drawn_groups(grid, _items()),
        "items": _items(),
        "uncovered": _uncovered(grid) if may_write else [],
        "is_current": one == current,
        "is_coming": one.starts_on > today,
        "current": current,
        "may_write": may_write,
        "is_editable": may_write and is_editable(one),
        "is_deletable": may_write and not why_kept(one),
        "why_fixed": why_fixed(one) if may_write else "",
    }
    return render(request, "orders/doctrine/doctrine.html", context)


@as_shown
@allows(Action.QUOTA_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def doctrine_copy(request: HttpRequest) -> HttpResponse:
    """Another one with a day to come; it is changed on the next page."""
    chosen = Doctrine.objects.filter(pk=row_number(request.GET.get("de", ""))).first()
    model = chosen or doctrine_on(timezone.localdate())
    form = CopyForm(request.POST or None, initial={"model": model})
    if request.method == "POST" and form.is_valid():
        try:
            new = copy_doctrine(by=request.user, **form.cleaned_data)
        except DoctrineError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La doctrine est copiée\u00a0: changez-y ce qui change.")
            return redirect("orders:doctrine_edit", pk=new.pk)
    context = {"form": form, "title": "Nouvelle doctrine", "above": trail()}
    status = 422 if form.errors else 200
    return render(request, "orders/doctrine/copy.html", context, status=status)


@as_shown
@allows(Action.QUOTA_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def doctrine_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole grid on one page: groups, ratios, categories."""
    one = _found(pk)
    if request.method == "POST":
        return _edited(request, one)
    if refusal := why_fixed(one):
        messages.error(request, refusal)
        return redirect("orders:doctrine", pk=pk)
    standing = grid_of(one)
    head = {"label": one.label, "starts_on": one.starts_on, "note": one.note}
    return _edit_page(request, one, TextForm(initial=head), shown_grid(standing, _items()))


def _edited(request: HttpRequest, one: Doctrine) -> HttpResponse:
    """What was typed stays in the fields whatever is refused."""
    codes = [name[2:] for name in request.POST if name.startswith("c-")]
    offered = [category.pk for category in offered_categories(one.starts_on, codes)]
    form, grid = TextForm(request.POST), read_grid(request.POST, _items(), offered)
    if not form.is_valid() or grid.errors:
        return _edit_page(request, one, form, grid, status=422)
    typed, seen = typed_doctrine(form.cleaned_data, grid), row_number(request.POST.get("vu", ""))
    try:
        changed = change_doctrine(by=request.user, doctrine=one, typed=typed, seen=seen)
    except ChangedMeanwhileError as refusal:
        return _edit_page(request, refusal.doctrine, form, grid, conflict=refusal, status=409)
    except DoctrineError as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, one, form, grid, status=422)
    count = len(changed)
    said = f"{count} changement{'s' if count > 1 else ''} enregistré{'s' if count > 1 else ''}."
    messages.success(request, said if changed else "Rien n’a changé.")
    return redirect("orders:doctrine", pk=one.pk)


def _edit_page(
    request: HttpRequest,
    one: Doctrine,
    form: TextForm,
    grid: TypedGrid,
    conflict: ChangedMeanwhileError | None = None,
    status: int = 200,
) -> HttpResponse:
    counts = {row.category.pk: row.beneficiaries for row in uncovered((), one.starts_on)}
    categories = [
        (category, grid.chosen.get(category.pk, ""), counts.get(category.pk, 0))
        for category in offered_categories(one.starts_on, grid.chosen)
    ]
    categories.sort(key=lambda row: -row[2])  # those that count for somebody first
    context = {
        "doctrine": one,
        "form": form,
        "grid": grid,
        "categories": categories,
        "bases": Basis.choices,
        "conflict": conflict,
        "above": trail((str(one), reverse("orders:doctrine", args=[one.pk]))),
    }
    return render(request, "orders/doctrine/edit.html", context, status=status)


@as_shown
@allows(Action.QUOTA_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def doctrine_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one that never applied, after a look."""
    one = _found(pk)
    if request.method == "POST":
        try:
            seen = row_number(request.POST.get("vu", ""))
            delete_doctrine(by=request.user, doctrine=one, seen=seen)
        except DoctrineError as refusal:
            messages.error(request, str(refusal))
            return redirect("orders:doctrine", pk=pk)
        messages.success(request, f"«\u00a0{one}\u00a0» est supprimée.")
        return redirect("orders:doctrines")
    if refusal := why_kept(one):
        messages.error(request, refusal)
        return redirect("orders:doctrine", pk=pk)
    above = trail((str(one), reverse("orders:doctrine", args=[pk])))
    context = {"doctrine": one, "above": above, "title": "Supprimer une doctrine"}
    return render(request, "orders/doctrine/delete.html", context)


@allows(Action.ORD_QUOTA_READ)
@require_safe
def doctrine_compare(request: HttpRequest) -> HttpResponse:
    """What changes from one to the other; an address that can be sent."""
    form = CompareForm(request.GET or None)
    context: dict[str, Any] = {"form": form, "above": trail(), "title": "Comparer deux doctrines"}
    if form.is_bound and form.is_valid():
        before, after = form.cleaned_data["avant"], form.cleaned_data["apres"]
        changed = differences(grid_of(before), grid_of(after))
        context |= {"before": before, "after": after, "changed": changed}
    status = 422 if form.errors else 200
    return render(request, "orders/doctrine/compare.html", context, status=status)


def _found(pk: int) -> Doctrine:
    rows = Doctrine.objects.select_related("written_by", "changed_by")
    found: Doctrine = get_object_or_404(rows, pk=pk)
    return found


def _items() -> list[EpiItem]:
    return list(EpiItem.objects.top().order_by("rank"))


def _uncovered(grid: Grid) -> list[Any]:
    codes = {code for group in grid.groups for code in group.categories}
    return uncovered(codes, max(grid.starts_on, timezone.localdate()))
