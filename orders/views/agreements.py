"""The agreement with the consortium, and who issues its invoices."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from orders.consortium.agreement_forms import AgreementForm, SellerForm
from orders.consortium.reach import CONSORTIUM, seller_body
from orders.consortium.seen import see_again
from orders.models import Seller, SupplyAgreement
from orders.services.agreements import (
    AgreementChangedError,
    closed_in_words,
    set_agreement,
    set_seller,
)
from orders.services.errors import OrderingError


@as_shown
@allows(Action.QUOTA_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest) -> HttpResponse:
    """The last is changed, or that of ``?convention=``; ``?nouvelle=oui`` writes one more."""
    body = AdministrativeBody.objects.filter(kind=CONSORTIUM).order_by("pk").first()
    if body is None:
        raise Http404
    rows = list(SupplyAgreement.objects.filter(body=body))
    is_new = not rows or "nouvelle" in request.GET
    row = None if is_new else chosen(rows, request.GET.get("convention", ""))
    form, status = AgreementForm(request.POST or None, agreement=row), 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            set_agreement(by=request.user, body=body, agreement=row, **typed)
        except AgreementChangedError as refusal:
            now = AgreementForm(agreement=SupplyAgreement.objects.get(pk=row.pk))
            see_again(form, now.initial["seen"], str(refusal))
            status = 409
        except OrderingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Les dates de la convention sont enregistrées.")
            return redirect("orders:agreement")
    context = {
        "form": form,
        "rows": rows,
        "is_new": is_new,
        "row": row,
        "body": body,
        "closed": closed_in_words(),
    }
    status = status if status == 409 else 422 if form.errors else 200
    return render(request, "orders/consortium/agreement.html", context, status=status)


def chosen(rows: list[SupplyAgreement], number: str) -> SupplyAgreement:
    return next((one for one in rows if str(one.pk) == number), rows[0])


@as_shown
@allows(Action.INV_ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def seller(request: HttpRequest) -> HttpResponse:
    """Who issues the invoices."""
    body = seller_body(request.user)
    if body is None:
        raise Http404
    row = Seller.objects.filter(body=body).first()
    form, status = SellerForm(request.POST or None, seller=row), 422
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            set_seller(by=request.user, identity=form.identity(), seen=seen)
        except AgreementChangedError as refusal:
            now = SellerForm(seller=Seller.objects.get(body=body))
            see_again(form, now.initial["seen"], str(refusal))
            status = 409
        else:
            said = "L’identité est enregistrée\u00a0: les factures à venir la diront."
            messages.success(request, said)
            return redirect("orders:invoices_due")
    context = {"form": form}
    status = status if form.errors else 200
    return render(request, "orders/invoices/seller.html", context, status=status)
