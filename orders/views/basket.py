"""The review of a basket: one form, where nothing is promised before it is sent."""

import re
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from common.identifiers import IdentifierError, normalize_finess
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.models import Order
from orders.ordering.actions import actions_of
from orders.ordering.basket import Asked, Basket, basket_of
from orders.ordering.forms import field_name
from orders.ordering.visiting import visit_of
from orders.registration import is_registered
from orders.services.drafts import keep_draft
from orders.services.errors import OrderingError
from orders.services.holders import Holder
from orders.services.ordering import submit_for
from orders.services.refusals import RefusedLinesError
from orders.services.sending import Sending
from orders.views.catalogue import ordering_holder
from orders.views.registration import register_first

FOUND = 302
ONE_LINE = re.compile(r"(retirer|mettre)-([0-9]{1,9})(?:-([0-9]{1,9}))?")


@allows(Action.ORD_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """Review, then send; « garder en brouillon » and the buttons of a line send nothing."""
    now = timezone.now()
    visit = visit_of(request.user, timezone.localdate(now))
    holder = ordering_holder(visit)
    if request.method == "POST":
        return act(request, holder, now)
    return page(request, basket_of(asked(request, holder), now))


def asked(request: HttpRequest, holder: Holder) -> Asked:
    data = request.POST if request.method == "POST" else None
    source = request.GET if data is None else data
    return Asked(holder, request.user, data, number_typed(source.get("finess", "")))


def number_typed(text: str) -> str:
    """A FINESS number; anything else is the number of nobody."""
    try:
        return normalize_finess(text)
    except IdentifierError:
        return ""


def act(request: HttpRequest, holder: Holder, now: datetime) -> HttpResponse:
    data = request.POST.copy()
    action = data.get("action", "")
    if line := ONE_LINE.fullmatch(action):
        set_line(data, line)
    shown = basket_of(Asked(holder, request.user, data, asked(request, holder).finess), now)
    if not shown.form.is_valid():
        return page(request, shown, status=422)
    if action == "transmettre":
        return transmit(request, shown)
    return keep(request, shown, action)


def set_line(data, line: re.Match[str]) -> None:
    """« Retirer » and « Mettre 700 » change one box of what was typed."""
    units = line[3] if line[1] == "mettre" else "0"
    data[field_name(int(line[2]))] = units or "0"


def keep(request: HttpRequest, shown: Basket, action: str) -> HttpResponse:
    form = shown.form
    lines = {one.pk: form.units_typed(one) for one in form.products}
    try:
        keep_draft(by=request.user, holder=shown.holder, lines=lines, delivery=form.delivery)
    except OrderingError as error:
        form.add_error(None, str(error))
        return page(request, shown, status=422)
    if action == "brouillon":
        messages.success(request, "Le brouillon est gardé\u00a0: rien n’est transmis ni réservé.")
        return redirect("orders:catalogue")
    finess = asked(request, shown.holder).finess
    return redirect(f"{request.path}?finess={finess}" if finess else request.path)


def transmit(request: HttpRequest, shown: Basket) -> HttpResponse:
    form = shown.form
    if not is_registered(request.user.active_profile):
        return registered_first(request, shown)
    since = parse_datetime(form.cleaned_data["vue"] or "") if form.cleaned_data["vue"] else None
    sending = Sending(shown.holder, form.lines, form.delivery, since)
    try:
        sent = submit_for(sending, by=request.user, token=form.token)
    except RefusedLinesError as error:
        shown.refused = error.lines
        form.add_error(None, str(error))
        return page(request, shown, status=409)
    except OrderingError as error:
        form.add_error(None, str(error))
        return page(request, shown, status=422)
    return redirect("orders:order_sent", pk=sent.pk)


def registered_first(request: HttpRequest, shown: Basket) -> HttpResponse:
    """What was typed is kept in the draft while the registration is filled."""
    kept = keep(request, shown, "actualiser")
    if kept.status_code != FOUND:
        return kept
    return register_first(request, kept.headers["Location"])


def page(request: HttpRequest, shown: Basket, status: int = 200) -> HttpResponse:
    context = {"basket": shown, "form": shown.form}
    return render(request, "orders/ordering/basket.html", context, status=status)


@allows(Action.ORD_READ)
@require_safe
def order_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of an order, to print."""
    rows = Order.objects.for_user(request.user, to=Action.ORD_READ).for_list()
    order = get_object_or_404(rows.exclude(state=Order.State.DRAFT), pk=pk)
    lines = order.lines.select_related("product")
    context = {"order": order, "lines": lines} | actions_of(request.user, order)
    return render(request, "orders/ordering/confirmation.html", context)
