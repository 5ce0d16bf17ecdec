"""The review of a basket: one form, where nothing is promised before it is sent."""

import re
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.following.reading import order_of, reads_as_warehouse
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
from orders.services.sending import Sending, units_of
from orders.views.catalogue import ordering_holder
from orders.views.registration import register_first

FOUND = 302
LONGEST_NUMBER = 14  # a FINESS number with its spaces
ONE_LINE = re.compile(r"(retirer|mettre)-([0-9]{1,9})(?:-([0-9]{1,9}))?")


@allows(Action.ORD_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """Review, then send; « garder en brouillon » and the buttons of a line send nothing."""
    now = timezone.now()
    visit = visit_of(request.user, timezone.localdate(now))
    holder = ordering_holder(visit)
    try:
        if request.method == "POST":
            return act(request, holder, now)
        return page(request, basket_of(asked(request, holder), now))
    except OrderingError as error:  # no warehouse is declared to serve it
        messages.error(request, str(error))
        return redirect("orders:catalogue")


def asked(request: HttpRequest, holder: Holder) -> Asked:
    data = request.POST if request.method == "POST" else None
    source = request.GET if data is None else data
    return Asked(holder, request.user, data, source.get("finess", "").strip()[:LONGEST_NUMBER])


def act(request: HttpRequest, holder: Holder, now: datetime) -> HttpResponse:
    data = request.POST.copy()
    action = data.get("action", "")
    if line := ONE_LINE.fullmatch(action):
        set_line(data, line)
    shown = basket_of(Asked(holder, request.user, data, asked(request, holder).finess), now)
    if not shown.form.is_valid():
        return page(request, shown, status=422)
    if action == "transmettre":
        return transmit(request, shown, now)
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
    query = f"?{urlencode({'finess': finess})}" if finess else ""
    return redirect(f"{request.path}{query}")


def transmit(request: HttpRequest, shown: Basket, now: datetime) -> HttpResponse:
    form = shown.form
    if not is_registered(request.user.active_profile):
        return registered_first(request, shown)
    sending = Sending(shown.holder, form.lines, form.delivery, seen_at(form.cleaned_data["vue"]))
    try:
        sent = submit_for(sending, by=request.user, token=form.token, now=now)
    except RefusedLinesError as error:
        shown.refused = error.lines
        form.add_error(None, str(error))
        return page(request, shown, status=409)
    except OrderingError as error:
        form.add_error(None, str(error))
        return page(request, shown, status=422)
    if sent.submitted_at != now and units_of(sent) != form.lines:
        tell_already_sent(request, sent)
    return redirect("orders:order_sent", pk=sent.pk)


def seen_at(text: str) -> datetime | None:
    """When the page was drawn, as it carries it; a forged hour is that of nobody."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def tell_already_sent(request: HttpRequest, sent: Order) -> None:
    """A page kept open after its order was sent, with other quantities typed since."""
    at = timezone.localtime(sent.submitted_at)
    messages.warning(
        request,
        f"Ce panier était déjà transmis, à {at.hour}\u00a0h\u00a0{at:%M}\u00a0: voici sa commande. "
        "Les quantités tapées depuis ne sont pas commandées\u00a0; modifiez la commande, ou "
        "passez-en une autre.",
    )


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
    order = order_of(request.user, pk)
    context = {
        "order": order,
        "lines": order.lines.select_related("product"),
        "is_for_warehouse": reads_as_warehouse(request.user),
        **actions_of(request.user, order),
    }
    return render(request, "orders/ordering/confirmation.html", context)
