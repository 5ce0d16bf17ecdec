"""Claims on a delivery: opened by who ordered, answered by who serves, read by both."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.following.claims import Thread, claims_seen, thread_of
from orders.following.forms import ClaimForm, MessageForm, claim_from
from orders.following.looks import badge
from orders.following.reading import order_of, reads_a_territory
from orders.models import Claim, Order, ReceptionLine
from orders.services.claims import (
    ClaimError,
    Complaint,
    Message,
    close_claim,
    is_claimable,
    open_claim,
    write_message,
)
from orders.views.following import LIST, trail

PER_PAGE = 50
CLAIMS = ("Réclamations", "orders:claims")


@allows(Action.CLAIM_OPEN, Action.CLAIM_ANSWER, Action.ORD_READ)
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """Those of one's orders, or those to answer; a state at a time."""
    asked = request.GET.get("etat", "")
    rows = claims_seen(request.user)
    if asked in Claim.State.values:
        rows = rows.filter(state=asked)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "above": trail(),
        "page": page,
        "rows": [(one, badge(one)) for one in page.object_list],
        "asked": asked,
        "states": Claim.State.choices,
        "answers": request.user.may(Action.CLAIM_ANSWER),
        "is_territory": reads_a_territory(request.user),
    }
    return render(request, "orders/following/claims.html", context)


@allows(Action.CLAIM_OPEN)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def claim_new(request: HttpRequest, pk: int) -> HttpResponse:
    """On an order of one's own; from a line of a reception, what it says is already there."""
    order = order_of(request.user, pk)
    if not Order.objects.filter(pk=pk).held_by(request.user, to=Action.CLAIM_OPEN).exists():
        raise PermissionDenied("Qui a commandé ouvre la réclamation.")
    if not is_claimable(order):
        messages.error(request, f"Cette commande est {order.get_state_display()}.")
        return redirect("orders:order", pk=pk)
    told = told_asked(request, order)
    form = ClaimForm(
        request.POST or None,
        request.FILES or None,
        order=order,
        initial=claim_from(told) if told else {"motif": request.GET.get("motif", "")},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid() and (done := opened(request.user, order, told, form)):
            messages.success(request, "La réclamation est envoyée. Sa réponse vous sera écrite.")
            return redirect("orders:claim", pk=done.pk)
        status = 422
    context = {"above": trail(LIST, order=order), "order": order, "form": form, "told": told}
    return render(request, "orders/following/claim_new.html", context, status=status)


def opened(user: User, order: Order, told: ReceptionLine | None, form: ClaimForm) -> Claim | None:
    """None when it is refused: the form says why."""
    typed = form.cleaned_data
    complaint = Complaint(
        kind=typed["motif"],
        text=typed["message"],
        line=typed["produit"],
        quantity=typed["quantite"],
        reception=told.reception if told else None,
        photo=typed["photo"],
    )
    try:
        return open_claim(by=user, order=order, complaint=complaint, token=typed["jeton"])
    except ClaimError as refusal:
        form.add_error(None, str(refusal))
        return None


def told_asked(request: HttpRequest, order: Order) -> ReceptionLine | None:
    """The line of a reception that brought here; one of another order does not exist."""
    asked = request.POST.get("ligne") or request.GET.get("ligne", "")
    if not asked:
        return None
    rows = ReceptionLine.objects.filter(reception__order=order, pk=row_number(asked))
    found: ReceptionLine | None = rows.select_related("reception", "line__product").first()
    if found is None:
        raise Http404
    return found


@allows(Action.CLAIM_OPEN, Action.CLAIM_ANSWER, Action.ORD_READ)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread, and one more message of it."""
    thread = thread_of(request.user, pk)
    form = MessageForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        if not thread.may_write:
            raise PermissionDenied("Vous lisez cette réclamation sans y répondre.")
        if form.is_valid() and written(request.user, thread, form):
            messages.success(request, "Votre message est envoyé.")
            return redirect("orders:claim", pk=pk)
        status = 422
    context: dict[str, Any] = {"above": trail(CLAIMS), "thread": thread, "form": form}
    return render(request, "orders/following/claim.html", context, status=status)


def written(user: User, thread: Thread, form: MessageForm) -> bool:
    typed = form.cleaned_data
    message = Message(typed["message"], typed["jeton"], typed["photo"])
    try:
        write_message(by=user, claim=thread.claim, message=message, is_answer=thread.may_answer)
    except ClaimError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@allows(Action.CLAIM_OPEN)
@as_shown
@require_POST
def claim_close(request: HttpRequest, pk: int) -> HttpResponse:
    thread = thread_of(request.user, pk)
    if not thread.is_own:
        raise PermissionDenied("Qui a ouvert la réclamation dit qu’elle est réglée.")
    close_claim(by=request.user, claim=thread.claim)
    messages.success(request, "La réclamation est close.")
    return redirect("orders:claim", pk=pk)
