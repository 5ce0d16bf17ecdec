"""Whom to bill of a paid order, corrected before it is invoiced, by its buyer or its supplier."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from orders.consortium.forms import CorrectionForm, wanted_in_words
from orders.consortium.payers import Payer, payer_told
from orders.consortium.seen import see_again
from orders.invoices.due import may_still_bill
from orders.models import Billing, Order
from orders.services.billings import BillingChangedError, billed_orders, correct_billing
from orders.services.errors import OrderingError
from orders.services.paid_orders import MissingBillingError

BOTH = ["GET", "HEAD", "POST"]


def billed_order(user: User, pk: int) -> Order:
    """404 out of the perimeter, 403 for who only reads it."""
    found: Order | None = billed_orders(user).select_related("billing").filter(pk=pk).first()
    if found is not None:
        return found
    readable = Order.objects.for_user(user, to=Action.ORD_READ).exclude(state=Order.State.DRAFT)
    if readable.filter(pk=pk).exists():
        raise PermissionDenied(refusal(Action.ORD_WRITE))
    raise Http404


@as_shown
@allows(Action.ORD_WRITE, Action.INV_ISSUE)
@require_http_methods(BOTH)
def billing(request: HttpRequest, pk: int) -> HttpResponse:
    order = billed_order(request.user, pk)
    back = back_of(request.user, order)
    if not may_still_bill(order):
        messages.error(request, "Cette commande est facturée, ou annulée\u00a0: rien à corriger.")
        return redirect(back)
    payer = payer_told(order.billing)
    form = form_of(request, order.billing, payer)
    if request.method == "POST" and form.is_valid():
        status = _corrected(request.user, order, form)
        if status is None:
            messages.success(request, "La facturation est corrigée.")
            return redirect(back)
    else:
        status = 422 if form.errors else 200
    context = {
        "form": form,
        "order": order,
        "wanted": wanted_in_words(payer.siret) if order.billing.is_public else "",
        "back_url": back,
    }
    return render(request, "orders/invoices/billing.html", context, status=status)


def back_of(user: User, order: Order) -> str:
    """The supplier reads no order: it goes back to what it has to invoice."""
    if Order.objects.to_write(user).filter(pk=order.pk).exists():
        return reverse("orders:order", args=[order.pk])
    return reverse("orders:invoices_due")


def form_of(request: HttpRequest, row: Billing, payer: Payer) -> CorrectionForm:
    data = request.POST if request.method == "POST" else None
    initial = {name: getattr(payer, name) for name in Payer.__slots__} | {"seen": payer.mark}
    return CorrectionForm(data, initial=initial, is_public=row.is_public)


def _corrected(user: User, order: Order, form: CorrectionForm) -> int | None:
    """None when it is done; else the form says why, the status how."""
    seen = form.cleaned_data["seen"]
    try:
        correct_billing(by=user, order=order, payer=form.payer(), seen=seen)
    except MissingBillingError as refused:
        for name, text in refused.fields.items():
            form.add_error(name, text)
    except BillingChangedError as refused:
        order.billing.refresh_from_db()
        see_again(form, payer_told(order.billing).mark, str(refused))
        return 409
    except OrderingError as refused:
        form.add_error(None, str(refused))
    else:
        return None
    return 422
