"""The vaccines as the national cell sets them; those who make waves read them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from vaccines.models import Vaccine
from vaccines.services.vaccines import (
    VaccineChangedError,
    VaccineError,
    add_vaccine,
    change_vaccine,
    set_vial,
)
from vaccines.views.waves import trail
from vaccines.waves.tables import vial_table
from vaccines.waves.vaccine_forms import NewVaccineForm, VaccineForm, VialForm

TITLE = "Vaccins et doses par flacon"


def above(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return trail((TITLE, reverse("vaccines:vaccines")), *more)


@allows(Action.MED_SETTINGS, Action.VAC_WAVE)
@require_safe
def vaccines(request: HttpRequest) -> HttpResponse:
    """One line a vaccine: its codes, its interval, the doses of a vial and since when."""
    today = timezone.localdate()
    rows = []
    for one in Vaccine.objects.select_related("product").prefetch_related("vials"):
        vials = sorted(one.vials.all(), key=lambda vial: vial.starts_on, reverse=True)
        now = next((vial for vial in vials if vial.starts_on <= today), None)
        coming = [vial for vial in vials if vial.starts_on > today]
        rows.append((one, now, coming))
    context = {
        "title": TITLE,
        "rows": rows,
        "may_set": request.user.may(Action.MED_SETTINGS),
        "above": trail(),
    }
    return render(request, "vaccines/waves/vaccines.html", context)


@as_shown
@allows(Action.MED_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def vaccine_new(request: HttpRequest) -> HttpResponse:
    form = NewVaccineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_vaccine(by=request.user, described=form.described(), vial=form.rule())
        except VaccineError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{made} est décrit\u00a0: une vague peut le livrer.")
            return redirect("vaccines:vaccine", pk=made.pk)
    context = {"form": form, "above": above()}
    status = 422 if form.errors else 200
    return render(request, "vaccines/waves/vaccine_new.html", context, status=status)


@as_shown
@allows(Action.MED_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def vaccine(request: HttpRequest, pk: int) -> HttpResponse:
    """Its description, to correct; the history of the doses of its vials."""
    row = get_object_or_404(Vaccine.objects.select_related("product"), pk=pk)
    form = VaccineForm(request.POST or None, vaccine=row)
    changed = ""
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            change_vaccine(by=request.user, vaccine=row, described=form.described(), seen=seen)
        except VaccineChangedError as refusal:
            changed, form = str(refusal), VaccineForm(vaccine=Vaccine.objects.get(pk=pk))
        except VaccineError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le vaccin est enregistré.")
            return redirect("vaccines:vaccine", pk=pk)
    return _vaccine_page(request, row, form, VialForm(), changed)


@as_shown
@allows(Action.MED_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def vaccine_vial(request: HttpRequest, pk: int) -> HttpResponse:
    """Another number of doses a vial, from a day on."""
    row = get_object_or_404(Vaccine.objects.select_related("product"), pk=pk)
    if request.method != "POST":
        return redirect("vaccines:vaccine", pk=pk)
    form = VialForm(request.POST)
    if form.is_valid():
        try:
            set_vial(by=request.user, vaccine=row, vial=form.rule())
        except VaccineError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Les doses par flacon sont enregistrées.")
            return redirect("vaccines:vaccine", pk=pk)
    return _vaccine_page(request, row, VaccineForm(vaccine=row), form)


def _vaccine_page(
    request: HttpRequest, row: Vaccine, form: VaccineForm, vial: VialForm, changed: str = ""
) -> HttpResponse:
    table = vial_table()
    context = {
        "vaccine": row,
        "form": form,
        "vial": vial,
        "table": table,
        "lines": [table.cells(one) for one in row.vials.order_by("-starts_on")],
        "above": above(),
        "changed": changed,
    }
    status = 409 if changed else 422 if form.errors or vial.errors else 200
    return render(request, "vaccines/waves/vaccine.html", context, status=status)
