"""The products of the consortium, the basket of what is paid, its review."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.chorus.client import is_open
from orders.consortium.forms import PacksForm, ReviewForm, wanted_in_words
from orders.consortium.offer import Offer, mark_of, offers_of, packs_of, totals_of_offers
from orders.consortium.payers import is_public, payer_of
from orders.consortium.tariffs import totals_of
from orders.consortium.visiting import buyer_of, offered
from orders.invoices.due import may_still_bill
from orders.models import (
    Beneficiary,
    DeliveryAddress,
    Order,
    Product,
    Registration,
    Source,
)
from orders.registration import is_registered
from orders.services.addresses import finess_address
from orders.services.agreements import agreement_on, closed_in_words
from orders.services.errors import OrderingError
from orders.services.ordering import may_still_change
from orders.services.paid_orders import (
    BasketChangedError,
    MissingBillingError,
    basket_of,
    put_in_basket,
    send_paid,
)
from orders.views.registration import register_first

TITLE = "Produits du consortium"


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("orders:consortium")), *more]


@allows(Action.ORD_QUOTA_READ)
@require_safe
def consortium(request: HttpRequest) -> HttpResponse:
    return catalogue(request)


def catalogue(request: HttpRequest, refused: dict[int, str] | None = None) -> HttpResponse:
    """``refused``: why a quantity was not kept, by product."""
    context = offered(request.user, refused) | {"title": TITLE}
    status = 422 if refused else 200
    return render(request, "orders/consortium/page.html", context, status=status)


@as_shown
@allows(Action.ORD_WRITE)
@require_POST
def paid_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One form a product: its quantity in the basket."""
    product = get_object_or_404(Product, pk=pk, source=Source.CONSORTIUM)
    buyer = _buyer_or_404(request.user)
    form = PacksForm(request.POST)
    if not form.is_valid():
        return catalogue(request, {pk: form.errors["packs"][0]})
    packs = form.cleaned_data["packs"]
    if not packs and product.pk not in packs_of(basket_of(request.user, buyer)):
        return catalogue(request, {pk: "Dites combien de colis commander."})
    try:
        put_in_basket(by=request.user, beneficiary=buyer, product=product, packs=packs)
    except OrderingError as refusal:
        return catalogue(request, {pk: str(refusal)})
    said = "est retiré du panier" if not packs else "est dans votre panier"
    messages.success(request, f"{product} {said}.")
    return redirect("orders:consortium")


def _buyer_or_404(user: User) -> Beneficiary:
    buyer = buyer_of(user)
    if buyer is None:
        raise Http404
    return buyer


@as_shown
@allows(Action.ORD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def paid_review(request: HttpRequest) -> HttpResponse:
    """Read again, say where to deliver and whom to bill, transmit."""
    buyer = _buyer_or_404(request.user)
    if not is_registered(request.user.active_profile):
        return register_first(request, reverse("orders:paid_review"))
    if request.method == "POST":
        return _transmit(request, buyer)
    basket = basket_of(request.user, buyer)
    if basket is None or not basket.lines.exists():
        messages.info(request, "Votre panier est vide\u00a0: choisissez au moins un produit.")
        return redirect("orders:consortium")
    return review_page(request, buyer, basket)


def _transmit(request: HttpRequest, buyer: Beneficiary) -> HttpResponse:
    form = ReviewForm(request.POST, addresses=_addresses(buyer), is_public=is_public(buyer))
    basket = basket_of(request.user, buyer)
    if not form.is_valid() and basket is not None:
        return review_page(request, buyer, basket, form, status=422)
    if not form.is_valid():
        return redirect("orders:consortium")
    order, status = _sent(request.user, buyer, form)
    if order is not None:
        messages.success(request, f"Commande {order.number} transmise.")
        return redirect("orders:paid_sent", pk=order.pk)
    if basket is None:
        messages.error(request, "Votre panier est vide.")
        return redirect("orders:consortium")
    return review_page(request, buyer, basket, form, status=status)


def _sent(user: User, buyer: Beneficiary, form: ReviewForm) -> tuple[Order | None, int]:
    """The order, or none: the form then says why, the status how."""
    typed = form.cleaned_data
    asked = {"token": typed["token"], "delivery": form.delivery(), "payer": form.payer()}
    try:
        return send_paid(by=user, beneficiary=buyer, shown=typed["shown"], **asked), 200
    except MissingBillingError as refusal:
        for name, text in refusal.fields.items():
            form.add_error(name, text)
    except BasketChangedError as refusal:
        form.add_error(None, str(refusal))
        return None, 409
    except OrderingError as refusal:
        form.add_error(None, str(refusal))
    return None, 422


def review_page(
    request: HttpRequest,
    buyer: Beneficiary,
    basket: Order,
    form: ReviewForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    offers = basket_offers(basket, buyer)
    totals = totals_of_offers(offers)
    payer = payer_of(buyer)
    public = is_public(buyer)
    context = {
        "form": form or _new_form(request.user, buyer, basket),
        "shown": mark_of(offers),
        "offers": offers,
        "totals": totals,
        "buyer": buyer,
        "is_public": public,
        "wanted": wanted_in_words(payer.siret) if public else "",
        "asks_chorus": is_open(),
        "closed": closed_in_words(today),
        "above": trail(),
    }
    return render(request, "orders/consortium/review.html", context, status=status)


def basket_offers(basket: Order, buyer: Beneficiary) -> list[Offer]:
    today = timezone.localdate()
    offers = offers_of(agreement_on(today), today, buyer.region_id, packs_of(basket))
    return [one for one in offers if one.packs]


def _addresses(buyer: Beneficiary) -> Any:
    """Those that are validated, that of FINESS first, created when it was never used."""
    finess_address(buyer)
    return DeliveryAddress.objects.usable().filter(beneficiary=buyer)


def _new_form(user: User, buyer: Beneficiary, basket: Order) -> ReviewForm:
    addresses, payer = _addresses(buyer), payer_of(buyer)
    who = Registration.objects.get(profile=user.active_profile)
    initial = {name: getattr(payer, name) for name in payer.__slots__}
    initial |= {
        "address": basket.address_id or addresses.values_list("pk", flat=True).first(),
        "contact_name": basket.contact_name or f"{who.first_name} {who.last_name}",
        "contact_phone": basket.contact_phone or who.phone,
        "token": basket.token,
    }
    return ReviewForm(initial=initial, addresses=addresses, is_public=is_public(buyer))


@allows(Action.ORD_WRITE)
@require_safe
def paid_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """What was just ordered, to print."""
    rows = Order.objects.to_write(request.user).exclude(state=Order.State.DRAFT)
    order = get_object_or_404(rows.filter(kind=Order.Kind.PAID, billing__isnull=False), pk=pk)
    lines = [
        (one, one.quantity // one.product.units_per_pack)
        for one in order.lines.select_related("product")
    ]
    priced = [(one, packs, packs * one.price) for one, packs in lines]
    context = {
        "order": order,
        "lines": priced,
        "totals": totals_of((net, one.tax_rate) for one, _, net in priced),
        "billing": order.billing,
        "may_cancel": may_still_change(order),
        "may_correct": may_still_bill(order),
        "above": trail(),
    }
    return render(request, "orders/consortium/sent.html", context)
