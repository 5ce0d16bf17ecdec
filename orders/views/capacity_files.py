"""A file of capacities: sent, read on its page, confirmed once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.carried import refused_file, refused_words
from common.exports import template_response
from common.numbers import format_integer
from common.tabular import TabularError
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.capacities.applying import TransferError
from orders.capacities.columns import FINESS, NOTES, TEMPLATE_HEADERS
from orders.capacities.forms import FileForm
from orders.models import CapacityImport
from orders.services.capacity_imports import (
    cancel_file,
    confirm_file,
    deposit_file,
    restart_file,
)
from orders.views.capacities import trail

TITLE = "Envoyer un fichier de capacités"
SHOWN = 10


@as_shown
@allows(Action.CAP_VALIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = deposit_file(form.cleaned_data["fichier"], by=request.user)
        except TabularError as error:
            form.add_error("fichier", str(error))
        else:
            return redirect("orders:capacity_import", pk=row.pk)
    mine = CapacityImport.objects.filter(by=request.user).defer("changes", "report")
    context = {"title": TITLE, "above": trail(), "form": form, "sent": mine[:SHOWN]}
    status = 422 if form.errors else 200
    return render(request, "orders/capacities/file.html", context, status=status)


@allows(Action.CAP_VALIDATE)
@require_safe
def capacity_template(request: HttpRequest) -> HttpResponse:
    return template_response(
        TEMPLATE_HEADERS,
        [],
        NOTES,
        filename="modele-capacites",
        title="Capacités",
        text_columns={FINESS.header},
    )


@allows(Action.CAP_VALIDATE)
@require_safe
def capacity_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Its sender's alone: what it changes, what is refused, where it is."""
    row = _own(request, pk)
    context = {
        "row": row,
        "found": row.report,
        "above": trail((TITLE, reverse("orders:capacity_file"))),
        "under_way": _under_way(row),
    } | refused_words(row.report.get("errors", []))
    return render(request, "orders/capacities/import.html", context)


def _under_way(row: CapacityImport) -> dict[str, str]:
    """What the worker is doing, in words."""
    if row.seen_at is None:
        return {"title": "En attente", "detail": "Votre fichier attend son tour."}
    if row.state == CapacityImport.State.READING:
        detail = f"{format_integer(row.progress)} lignes lues."
        return {"title": "Lecture en cours", "detail": detail}
    total = format_integer(row.report.get("count", 0))
    detail = f"{format_integer(row.progress)} nombres sur {total}. Tout est écrit, ou rien."
    return {"title": "Écriture en cours", "detail": detail}


@require_POST
@as_shown
@allows(Action.CAP_VALIDATE)
def capacity_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _followed(request, pk, confirm_file)


@require_POST
@as_shown
@allows(Action.CAP_VALIDATE)
def capacity_import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _followed(request, pk, cancel_file)


@require_POST
@as_shown
@allows(Action.CAP_VALIDATE)
def capacity_import_restart(request: HttpRequest, pk: int) -> HttpResponse:
    return _followed(request, pk, restart_file)


def _followed(request: HttpRequest, pk: int, act: Callable[..., Any]) -> HttpResponse:
    """Do it, then show the page of the file, which says what became of it."""
    row = _own(request, pk)
    try:
        act(by=request.user, row=row)
    except TransferError as error:
        messages.error(request, str(error))
    return redirect("orders:capacity_import", pk=pk)


@require_POST
@allows(Action.CAP_VALIDATE)
def capacity_errors(request: HttpRequest) -> HttpResponse:
    """The refused lines, as a file to correct beside."""
    return refused_file(request, back="orders:capacity_file")


def _own(request: HttpRequest, pk: int) -> CapacityImport:
    found: CapacityImport = get_object_or_404(
        CapacityImport.objects.defer("changes"), pk=pk, by=request.user
    )
    return found
