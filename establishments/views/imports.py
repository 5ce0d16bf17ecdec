"""Import of a FINESS file by the national cell: deposit, preview, one confirmation, history."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.exports import csv_response
from common.numbers import format_integer
from establishments.access import allows
from establishments.finess.report import VERDICT_LABELS, VERDICTS
from establishments.forms import FinessUploadForm
from establishments.models import FinessImport, Region
from establishments.models.search import plain_words
from establishments.perimeter import Action
from establishments.services import imports

SHOWN = 30
REMARKS_SHOWN = 20


@allows(Action.REF_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request):
    """Deposit a file, and see what became of the last ones."""
    form = FinessUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        row = imports.start_import(form.cleaned_data["file"], by=request.user)
        return redirect("establishments:import", row.pk)
    rows = FinessImport.objects.select_related("created_by")[:SHOWN]
    context = {"form": form, "rows": rows}
    status = 400 if form.errors else 200
    return render(request, "establishments/import_list.html", context, status=status)


@allows(Action.REF_WRITE)
@require_safe
def import_detail(request, pk):
    """Progress while the file is read or written; in between, what would change."""
    row = get_object_or_404(FinessImport.objects.select_related("created_by"), pk=pk)
    context = {
        "row": row,
        "lines": region_lines(row.report),
        "labels": [VERDICT_LABELS[verdict] for verdict in VERDICTS],
        "remarks": row.remarks.all()[:REMARKS_SHOWN],
        "remark_count": row.remarks.count(),
        "lines_read": lines_read(row.progress),
        "earlier": imports.earlier_import(row) if row.digest else None,
    }
    return render(request, "establishments/import_detail.html", context)


@allows(Action.REF_WRITE)
@require_POST
def import_confirm(request, pk):
    row = get_object_or_404(FinessImport, pk=pk)
    allowed = request.POST.get("allow_closures") == "on"
    return _act(request, row, imports.confirm_import, allow_closures=allowed)


@allows(Action.REF_WRITE)
@require_POST
def import_cancel(request, pk):
    return _act(request, get_object_or_404(FinessImport, pk=pk), imports.cancel_import)


@allows(Action.REF_WRITE)
@require_POST
def import_restart(request, pk):
    return _act(request, get_object_or_404(FinessImport, pk=pk), imports.restart_import)


@allows(Action.REF_WRITE)
@require_safe
def import_remarks(request, pk):
    """Every line that was refused or remarked upon, as a file."""
    row = get_object_or_404(FinessImport, pk=pk)
    imports.record_export(row, by=request.user)
    rows = (
        (one.line, one.finess, "refusée" if one.is_refusal else "remarque", one.reason)
        for one in row.remarks.iterator(chunk_size=2000)
    )
    headers = ("Ligne ou entité n°", "Numéro FINESS", "Suite", "Motif")
    return csv_response(headers, rows, filename=f"finess-remarques-{row.pk}")


def lines_read(count):
    s = "s" if count > 1 else ""
    return f"{format_integer(count)} ligne{s} lue{s}."


def region_lines(report):
    """The counts of each region, by name, for the table of the preview."""
    names = dict(Region.objects.values_list("code", "name")) if report else {}
    lines = [
        (
            names.get(code, "Sans région"),
            [(VERDICT_LABELS[verdict], counts[verdict]) for verdict in VERDICTS],
        )
        for code, counts in report.get("sites", {}).items()
    ]
    return sorted(lines, key=lambda line: plain_words(line[0]))


def _act(request, row, service, **options):
    try:
        service(row, by=request.user, **options)
    except imports.ImportStateError as refusal:
        messages.error(request, str(refusal))
    return redirect("establishments:import", row.pk)
