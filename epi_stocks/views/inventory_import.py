"""The inventory of many establishments by file: template, check, one confirmation."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from common.exports import csv_response
from common.tabular import ErrorReport, TabularError
from common.weeks import WeekError, parse_week, week_label
from epi_stocks.models.inventory import MEASURES
from epi_stocks.outcomes import count_text, held_text
from epi_stocks.transfer import (
    ReplacedTotal,
    TransferError,
    apply_import,
    inventory_template,
    open_weeks,
    preview_import,
)
from epi_stocks.views.inventory_context import trail
from epi_stocks.views.inventory_ticket import profile_number
from establishments.access import allows
from establishments.perimeter import Action

REPORT_SALT = "epi_stocks.import_errors"
MOST_SHOWN = 200
ACCEPTED = ".xlsx,.csv,.txt"


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
    """Read a file and say everything that it would change, or everything wrong in it."""
    weeks = open_weeks(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, weeks=weeks)
    context = {"form": form, "above": trail(), "weeks": weeks}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "epi_stocks/inventory_import.html", context, status=status)
    sent = form.cleaned_data["file"]
    try:
        preview = preview_import(
            by=request.user, file=sent, week=form.cleaned_data["week"], filename=sent.name
        )
    except TabularError as error:
        form.add_error("file", str(error))
        return render(request, "epi_stocks/inventory_import.html", context, status=422)
    context |= {
        "preview": preview,
        "errors": list(preview.errors)[:MOST_SHOWN],
        "changes": preview.changes[:MOST_SHOWN],
        "replaced": [replaced_sentence(one) for one in preview.replaced[:MOST_SHOWN]],
        "report": signing.dumps(list(preview.errors.rows()), salt=REPORT_SALT, compress=True),
        "confirmation": confirmation(len(preview.changes), preview.establishments),
    }
    status = 422 if len(preview.errors) else 200
    return render(request, "epi_stocks/inventory_import_preview.html", context, status=status)


def replaced_sentence(total: ReplacedTotal) -> str:
    """Say which total typed on screen the sizes of the file will take the place of."""
    held = held_text({one: getattr(total.held, one) for one in MEASURES})
    return (
        f"{total.establishment}\u00a0: le total saisi pour «\u00a0{total.item}\u00a0»{held} sera "
        "remplacé par la somme des tailles."
    )


def confirmation(cells: int, places: int) -> str:
    """The button repeats in words what will be written."""
    counted = count_text(cells, "case", "cases")
    return f"Déclarer {counted} pour {count_text(places, 'établissement', 'établissements')}"


@require_POST
@allows(Action.EPI_WRITE)
def inventory_import_apply(request: HttpRequest, import_id: int) -> HttpResponse:
    """Declare what was shown, all of it or nothing, once."""
    try:
        done = apply_import(
            by=request.user,
            import_id=import_id,
            profile_id=profile_number(request.POST.get("profile")),
        )
    except TransferError as error:
        messages.error(request, str(error))
        return redirect("epi_stocks:inventory_import")
    cells = count_text(done.cells, "case déclarée", "cases déclarées")
    places = count_text(done.establishments, "établissement", "établissements")
    messages.success(request, f"{cells} pour {places}, semaine {week_label(done.week)}.")
    return redirect("epi_stocks:inventory_start")


@require_POST
@allows(Action.EPI_WRITE)
def inventory_import_errors(request: HttpRequest) -> HttpResponse:
    """The report of refused cells, as a file to correct beside."""
    try:
        rows = signing.loads(request.POST.get("report", ""), salt=REPORT_SALT, max_age=86_400)
    except signing.BadSignature:
        messages.error(request, "Ce rapport a expiré : envoyez de nouveau le fichier.")
        return redirect("epi_stocks:inventory_import")
    return csv_response(ErrorReport.headers, rows, filename="lignes-refusees")


@allows(Action.EPI_WRITE)
def inventory_import_template(request: HttpRequest, week: date) -> HttpResponse:
    """The workbook to fill: a line per establishment and item, same columns as the grid."""
    return inventory_template(request.user, week)
