"""« Demandes d’aide »: a pharmacy asks its agency, which answers."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.lookups import can, require
from accounts.models import User
from common.exports import csv_response, spreadsheet_response
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from establishments.region_filter import RegionFilter
from journal.services import record
from medications.menu import menu_of
from pui.aid.requests import need_address
from pui.helping.forms import AnswerForm, HelpForm
from pui.helping.reading import pharmacies_of, requests_of
from pui.helping.tables import cover_cell, help_table
from pui.medicine import quantity_of
from pui.models import HelpRequest
from pui.services.helping import (
    HelpError,
    Outcome,
    answer_request,
    ask_help,
    withdraw_request,
)
from pui.sharing.forms import MedicineField

PER_PAGE = 25
FORMATS = ("xlsx", "csv")
TITLE = "Demandes d’aide"


def trail_of(user: User, *, is_below: bool = True) -> dict[str, object]:
    """The pages above: those who only ask do not have all of e-Dispostock."""
    root = "e-Dispostock" if menu_of(user) else ""
    above = [(TITLE, reverse("pui:help"))] if is_below else []
    return {"root": root, "above": above}


def answers(user: User) -> bool:
    return user.may(Action.AID_PROPOSE)


@allows(Action.AID_ASK, Action.AID_PROPOSE)
@require_safe
def help_list(request: HttpRequest) -> HttpResponse:
    """Those of one's pharmacies, or of one's region; the ones that wait first."""
    user = request.user
    chosen = _region_asked(request)
    rows = requests_of(user, chosen.code)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    table = _table(user)
    context = trail_of(user, is_below=False) | {
        "answers": answers(user),
        "may_ask": user.may(Action.AID_ASK),
        "waiting": rows.filter(state=HelpRequest.State.WAITING).count(),
        "table": table,
        "page": page,
        "lines": [table.cells(one) for one in page.object_list],
        "formats": FORMATS,
        "form": chosen,
    }
    return render(request, "dispostock/helping/list.html", context)


def _region_asked(request: HttpRequest) -> RegionFilter:
    return RegionFilter(request.GET, is_country=_looks_at_country(request.user))


def _table(user: User):
    return help_table(with_region=_looks_at_country(user))


def _looks_at_country(user: User) -> bool:
    return bool(user.perimeter_to(Action.AID_PROPOSE).is_national)


@allows(Action.AID_ASK, Action.AID_PROPOSE)
@require_safe
def help_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same table, all its pages; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    table = _table(request.user)
    values = [table.file_row(one) for one in requests_of(request.user, _region_asked(request).code)]
    record("pui.help_exported", by=request.user, target=TITLE, format=kind, rows=len(values))
    name = f"demandes-aide-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response(table.title, table.headers, values, filename=name)


@allows(Action.AID_ASK)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def help_ask(request: HttpRequest) -> HttpResponse:
    puis = list(pharmacies_of(request.user))
    asked = {name: request.GET.get(name, "") for name in ("pui", "produit")}
    form = HelpForm(request.POST or None, puis=puis, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            row = ask_help(by=request.user, pui=form.cleaned_data["pui"], asked=form.asked())
        except HelpError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre demande est envoyée à votre ARS.")
            return redirect("pui:help_request", pk=row.pk)
    context = trail_of(request.user) | {
        "form": form,
        "puis": puis,
        "names": MedicineField.names() if puis else [],
    }
    status = 422 if form.errors else 200
    return render(request, "dispostock/helping/ask.html", context, status=status)


def request_of(request: HttpRequest, pk: int) -> HelpRequest:
    """Out of reach it does not exist."""
    found: HelpRequest | None = requests_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@allows(Action.AID_ASK, Action.AID_PROPOSE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def help_request(request: HttpRequest, pk: int) -> HttpResponse:
    """A request with its figures; the agency answers it."""
    row = request_of(request, pk)
    may_answer = can(request.user, Action.AID_PROPOSE, row)
    form = AnswerForm(request.POST or None, initial={"seen": row.state})
    if request.method == "POST":
        require(request.user, Action.AID_PROPOSE, row)
        if form.is_valid() and answered(request, form, row):
            return after_answer(request.user, row)
        row = request_of(request, pk)
    context = trail_of(request.user) | {
        "row": row,
        "form": form,
        "may_answer": may_answer and row.is_open,
        "may_withdraw": row.is_open and not may_answer and can(request.user, Action.AID_ASK, row),
        "quantity": quantity_of(row.quantity, row.unit),
        "cover": cover_cell(row),
        "donors_url": donors_address(row) if may_answer else "",
    }
    status = 422 if form.errors else 200
    return render(request, "dispostock/helping/request.html", context, status=status)


def answered(request: HttpRequest, form: AnswerForm, row: HelpRequest) -> bool:
    """Answer, or put the reason why not in the form."""
    typed = form.cleaned_data
    try:
        kept = answer_request(
            by=request.user,
            request=row,
            outcome=typed["reponse"],
            text=typed["texte"],
            seen=typed["seen"],
        )
    except HelpError as refusal:
        form.add_error(None, str(refusal))
        return False
    row.state = kept.state
    messages.success(request, "Votre réponse est enregistrée et envoyée.")
    return True


def after_answer(user: User, row: HelpRequest) -> HttpResponse:
    """Mutual aid leads to the need, prefilled; to those who could give for who opens none."""
    if row.state != Outcome.MUTUAL_AID:
        return redirect("pui:help_request", pk=row.pk)
    address = need_address(row) if can(user, Action.AID_ASK, row) else ""
    return redirect(address or donors_address(row))


def donors_address(row: HelpRequest) -> str:
    """« Qui peut dépanner ? », for this medicine and this pharmacy."""
    named = row.reference or row.product
    query = urlencode({"produit": str(named), "pui": row.pui_id})
    return f"{reverse('pui:donors')}?{query}"


@allows(Action.AID_ASK)
@as_shown
@require_POST
def help_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = request_of(request, pk)
    require(request.user, Action.AID_ASK, row)
    try:
        withdraw_request(by=request.user, request=row)
    except HelpError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Votre demande est retirée.")
    return redirect("pui:help_request", pk=pk)
