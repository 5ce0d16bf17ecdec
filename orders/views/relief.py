"""« Demandes de dépannage »: asked with one's situation, answered by the ARS, followed by both."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.exports import csv_response, spreadsheet_response
from common.numbers import row_number
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from journal.services import record
from orders.following.page import OrderPage
from orders.following.page import page_of as delivery_page
from orders.models import Order, ReliefRequest
from orders.relief.forms import AskForm, ReceivedForm, RefuseForm
from orders.relief.reading import Asked
from orders.relief.rights import agency_for, asking_for, is_own, may_answer, may_ask, pool_for, seen
from orders.relief.situation import kept_situation, situation_of
from orders.relief.tables import relief_table
from orders.services import relief as services
from orders.services.relief_receptions import is_receivable, say_received

PER_PAGE = 50
FORMATS = ("xlsx", "csv")


@allows(Action.ORD_QUOTA_READ)
@require_safe
def relief(request: HttpRequest) -> HttpResponse:
    """One's own requests; for who follows a territory, those that wait, the most urgent first."""
    listed, table = listed_of(request)
    page = Paginator(listed.rows(), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": listed.form,
        "table": table,
        "lines": [table.cells(one) for one in page.object_list],
        "page": page,
        "may_ask": may_ask(request.user),
        "is_open_only": listed.state == "ouvertes",
        "formats": FORMATS,
        "query": query.urlencode(),
    }
    return render(request, "orders/relief/list.html", context)


def listed_of(request: HttpRequest) -> tuple[Asked, Any]:
    held = request.user.perimeter_to(Action.ORD_QUOTA_READ)
    is_territory = bool(held.is_national or held.region_codes)
    listed = Asked(request.GET, request.user, is_own=not is_territory)
    return listed, relief_table(with_region=held.is_national, is_own=not is_territory)


@allows(Action.ORD_QUOTA_READ)
@require_safe
def relief_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The list of the screen, all its pages; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    listed, table = listed_of(request)
    rows = [table.file_row(one) for one in listed.rows()]
    record(
        "orders.relief_exported",
        by=request.user,
        target=table.title,
        format=kind,
        rows=len(rows),
        filters=listed.words(),
    )
    name = f"depannages-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, rows, filename=name)
    return spreadsheet_response(table.title, table.headers, rows, filename=name)


@allows(Action.AID_ASK)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def relief_new(request: HttpRequest) -> HttpResponse:
    """What is asked, then the situation that goes with it, then it leaves."""
    beneficiaries = asking_for(request.user)
    if not beneficiaries:
        raise PermissionDenied(refusal(Action.AID_ASK))
    form = AskForm(request.POST or None, beneficiaries=beneficiaries)
    form.initial = {"equipement": row_number(request.GET.get("equipement", "")) or None}
    if request.method != "POST":
        return render(request, "orders/relief/new.html", {"form": form})
    if not form.is_valid() or "modifier" in request.POST:
        status = 200 if "modifier" in request.POST else 422
        return render(request, "orders/relief/new.html", {"form": form}, status=status)
    if "envoyer" in request.POST:
        return send(request, form)
    asked = form.asked()
    context = {
        "form": form,
        "asked": asked,
        "beneficiary": form.beneficiary(),
        "situation": situation_of(form.beneficiary(), asked.site, asked.item),
    }
    return render(request, "orders/relief/review.html", context)


def send(request: HttpRequest, form: AskForm) -> HttpResponse:
    try:
        row = services.ask(by=request.user, beneficiary=form.beneficiary(), asked=form.asked())
    except services.ReliefError as error:
        form.add_error(None, str(error))
        return render(request, "orders/relief/new.html", {"form": form}, status=422)
    messages.success(request, "La demande est envoyée\u00a0: l’ARS est prévenue.")
    return redirect("orders:relief_request", row.pk)


@allows(Action.ORD_QUOTA_READ)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def relief_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what was asked, its answer, what comes next."""
    row = find(request, pk)
    if request.method != "POST":
        return page_of(request, row)
    action = request.POST.get("action")
    if action == "recue":
        return receive(request, row)
    if action not in ("retirer", "entraide", "refuser"):
        raise Http404
    return act(request, row, action)


def find(request: HttpRequest, pk: int) -> ReliefRequest:
    rows = seen(request.user).for_list().select_related("beneficiary__region", "order__operator")
    return get_object_or_404(rows, pk=pk)


def act(request: HttpRequest, row: ReliefRequest, action: str) -> HttpResponse:
    if action != "retirer" and not may_answer(request.user, row):
        raise PermissionDenied(refusal(Action.AID_PROPOSE))
    form = RefuseForm(request.POST)
    form.is_valid()
    words = form.cleaned_data.get("reponse", "")
    try:
        done = do(request, row, action, words)
    except services.AnsweredMeanwhileError as error:
        messages.error(request, str(error))
        return page_of(request, find(request, row.pk), form, status=409)
    except services.ReliefError as error:
        form.add_error("reponse" if action == "refuser" else None, str(error))
        return page_of(request, row, form, status=422)
    messages.success(request, done)
    return redirect("orders:relief_request", row.pk)


def receive(request: HttpRequest, row: ReliefRequest) -> HttpResponse:
    """What came, said by the establishment."""
    if not is_own(request.user, row):
        raise PermissionDenied("L’établissement qui demande dit ce qu’il a reçu.")
    form = ReceivedForm(request.POST)
    if not form.is_valid():
        return page_of(request, row, received_form=form, status=422)
    try:
        say_received(by=request.user, request=row, came=form.came())
    except services.ReliefError as error:
        form.add_error(None, str(error))
        return page_of(request, find(request, row.pk), received_form=form, status=422)
    messages.success(request, "C’est noté\u00a0: l’ARS est prévenue.")
    return redirect("orders:relief_request", row.pk)


def do(request: HttpRequest, row: ReliefRequest, action: str, words: str) -> str:
    if action == "retirer":
        services.withdraw(by=request.user, request=row)
        return "La demande est retirée."
    if action == "entraide":
        services.answer_by_aid(by=request.user, request=row)
        return "Le besoin d’entraide est ouvert\u00a0: cherchez des donneurs sur sa page."
    services.refuse(by=request.user, request=row, reason=words)
    return "La demande est refusée\u00a0: l’établissement est prévenu."


def history_of(row: ReliefRequest) -> list[Any]:
    """Of the request, then of the order that answers: the establishment follows it from here."""
    steps: list[Any] = list(row.steps.select_related("by"))
    if row.order is not None:
        steps += row.order.steps.select_related("by")
    return sorted(steps, key=lambda one: one.at)


def reads_order(user: User, order: Order) -> bool:
    """An order on the pool is the agency's."""
    return bool(Order.objects.for_user(user, to=Action.ORD_READ).filter(pk=order.pk).exists())


def page_of(
    request: HttpRequest,
    row: ReliefRequest,
    form: RefuseForm | None = None,
    received_form: ReceivedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """After a refusal, what was typed stays in the field."""
    user, order = request.user, row.order
    answers = may_answer(user, row) and services.is_answerable(row)
    own = is_own(user, row)
    context = {
        "row": row,
        "situation": kept_situation(row.evidence),
        "now": situation_of(row.beneficiary, row.site, row.item) if row.is_open else None,
        "steps": history_of(row),
        "delivery": delivery_of(user, order) if order is not None else None,
        "reads_order": order is not None and reads_order(user, order),
        "may_answer": answers,
        "may_order": answers and agency_for(user, row) is not None,
        "pool": pool_for(row) if answers else None,
        "may_withdraw": services.is_answerable(row) and own,
        "form": form or RefuseForm(),
        "received_form": received_form_of(row, received_form)
        if own and is_receivable(row)
        else None,
    }
    return render(request, "orders/relief/request.html", context, status=status)


def delivery_of(user: User, order: Order) -> OrderPage:
    """The shipments of the order and their parcels: the establishment follows them from here."""
    return delivery_page(user, order, timezone.now(), timezone.localdate())


def received_form_of(row: ReliefRequest, form: ReceivedForm | None) -> ReceivedForm:
    shown = {"recu": row.granted if row.received is None else row.received, "deja": row.received}
    if form is None:
        return ReceivedForm(initial=shown)
    form.data = form.data.copy()
    form.data["deja"] = "" if row.received is None else row.received
    return form
