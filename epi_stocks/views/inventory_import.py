"""The inventory of many establishments by file: template, check, one confirmation."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from common.carried import refused_file, refused_words
from common.tabular import TabularError
from common.weeks import WeekError, parse_week, week_label
from epi_stocks.models import InventoryImport
from epi_stocks.outcomes import count_text
from epi_stocks.services import imports
from epi_stocks.transfer import (
    TransferError,
    apply_import,
    inventory_template,
    open_weeks,
    preview_import,
    report_of,
)
from epi_stocks.views.inventory_context import trail
from epi_stocks.views.inventory_ticket import profile_number
from establishments.access import allows
from establishments.perimeter import Action

ACCEPTED = ".xlsx,.csv,.txt"
SHOWN = 10


class ImportForm(forms.Form):
    """Which week, which file."""

    week = forms.ChoiceField(label="Semaine déclarée")
    file = forms.FileField(
        label="Fichier",
        help_text="XLSX ou CSV, 10 Mo au plus. Une ligne par établissement et par équipement.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args, weeks: list[date], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["week"].choices = [(str(week), week_label(week)) for week in weeks]

    def clean_week(self) -> date:
        try:
            return parse_week(self.cleaned_data["week"])
        except WeekError as error:
            raise forms.ValidationError(str(error)) from error


@allows(Action.EPI_WRITE)
def inventory_import(request: HttpRequest) -> HttpResponse:
    """Read a file and say everything that it would change, or everything wrong in it.

    A large one is left to the task worker, and followed on a page of its own.
    """
    weeks = open_weeks(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, weeks=weeks)
    mine = InventoryImport.objects.filter(by=request.user, is_followed=True)
    followed = mine.defer("changes", "report")[:SHOWN]
    context = {"form": form, "above": trail(), "weeks": weeks, "followed": followed}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "epi_stocks/inventory_import.html", context, status=status)
    sent, week = form.cleaned_data["file"], form.cleaned_data["week"]
    if imports.is_read_by_worker(sent):
        row = imports.deposit_import(sent, by=request.user, week=week)
        return redirect("epi_stocks:inventory_import_followed", row.pk)
    try:
        preview = preview_import(by=request.user, file=sent, week=week, filename=sent.name)
    except TabularError as error:
        form.add_error("file", str(error))
        return render(request, "epi_stocks/inventory_import.html", context, status=422)
    context |= {"preview": preview} | told(report_of(preview))
    status = 422 if len(preview.errors) else 200
    return render(request, "epi_stocks/inventory_import_preview.html", context, status=status)


def told(found: dict[str, Any]) -> dict[str, Any]:
    """What the template tells of a file that was read, at once or by the worker."""
    return {
        "found": found,
        "confirmation": confirmation(found.get("cells", 0), found.get("establishments", 0)),
    } | refused_words(found.get("errors", []))


def confirmation(cells: int, places: int) -> str:
    """The button repeats in words what will be written."""
    counted = count_text(cells, "case", "cases")
    return f"Déclarer {counted} pour {count_text(places, 'établissement', 'établissements')}"


def declared(cells: int, places: int, week: date) -> str:
    """The words that conclude an import, at once or by the worker."""
    counted = count_text(cells, "case déclarée", "cases déclarées")
    places_text = count_text(places, "établissement", "établissements")
    return f"{counted} pour {places_text}, semaine {week_label(week)}."


@require_POST
@allows(Action.EPI_WRITE)
def inventory_import_apply(request: HttpRequest, import_id: int) -> HttpResponse:
    """Declare what was shown, all of it or nothing, once; a large file, by the task worker."""
    asked = {
        "by": request.user,
        "import_id": import_id,
        "profile_id": profile_number(request.POST.get("profile")),
    }
    row = InventoryImport.objects.filter(pk=import_id, by=request.user).defer("changes").first()
    if row and imports.is_applied_by_worker(row):
        return follow(request, import_id, lambda: imports.confirm_import(**asked))
    try:
        done = apply_import(**asked)
    except TransferError as error:
        messages.error(request, str(error))
        return redirect("epi_stocks:inventory_import")
    messages.success(request, declared(done.cells, done.establishments, done.week))
    return redirect("epi_stocks:inventory_start")


def follow(request: HttpRequest, import_id: int, act: Callable[[], None]) -> HttpResponse:
    """Do something to a followed import, then show its page, which says what became of it."""
    try:
        act()
    except TransferError as refusal:
        messages.error(request, str(refusal))
    return redirect("epi_stocks:inventory_import_followed", import_id)


@require_POST
@allows(Action.EPI_WRITE)
def inventory_import_errors(request: HttpRequest) -> HttpResponse:
    """The report of refused cells, as a file to correct beside."""
    return refused_file(request, back="epi_stocks:inventory_import")


@allows(Action.EPI_WRITE)
def inventory_import_template(request: HttpRequest, week: date) -> HttpResponse:
    """The workbook to fill: a line per establishment and item, same columns as the grid."""
    return inventory_template(request.user, week)
