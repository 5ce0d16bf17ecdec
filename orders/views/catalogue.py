"""The catalogue: what is in tension, what one may order of it, one's basket."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from common.numbers import row_number
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from orders.consortium.visiting import offered
from orders.models import Product
from orders.ordering.forms import ShelfForm
from orders.ordering.shelves import Catalogue, catalogue_of
from orders.ordering.visiting import Visit, visit_of
from orders.services.drafts import save_lines
from orders.services.errors import OrderingError
from orders.services.holders import Holder
from orders.services.watching import watch


@allows(Action.ORD_QUOTA_READ)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def catalogue(request: HttpRequest) -> HttpResponse:
    """What one may order; a POST puts the quantities of one equipment in the basket."""
    now = timezone.now()
    visit = visit_of(request.user, timezone.localdate(now))
    shown = catalogue_of(visit, request.user, now)
    if request.method == "POST":
        return put(request, visit, shown)
    return page(request, visit, shown)


def put(request: HttpRequest, visit: Visit, shown: Catalogue) -> HttpResponse:
    holder = ordering_holder(visit)
    shelf = shown.shelf(row_number(request.POST.get("equipement", "")))
    if shelf is None:
        messages.error(request, "Cet équipement n’est plus en tension\u00a0: rien n’a été ajouté.")
        return redirect("orders:catalogue")
    form = ShelfForm(request.POST, shelf=shelf)
    if not form.is_valid():
        return page(request, visit, shown, form, status=422)
    try:
        save_lines(by=request.user, holder=holder, lines=form.units)
    except OrderingError as error:
        form.add_error(None, str(error))
        return page(request, visit, shown, form, status=422)
    total = sum(form.units.values())
    told = f"{shelf.item}\u00a0: le panier est à jour." if total else f"{shelf.item}\u00a0: retiré."
    messages.success(request, told)
    return redirect(f"{reverse('orders:catalogue')}#equipement-{shelf.item.pk}")


def ordering_holder(visit: Visit) -> Holder:
    if visit.holder is None or not visit.may_order:
        raise PermissionDenied(refusal(Action.ORD_WRITE))
    return visit.holder


def page(
    request: HttpRequest,
    visit: Visit,
    shown: Catalogue,
    refused: ShelfForm | None = None,
    status: int = 200,
) -> HttpResponse:
    forms = {one.item.pk: ShelfForm(shelf=one) for one in shown.shelves}
    if refused is not None:
        forms[refused.shelf.item.pk] = refused
    why = shown.explanations
    context = {
        "visit": visit,
        "catalogue": shown,
        "shelves": [(one, forms[one.item.pk], why.get(one.item.pk)) for one in shown.shelves],
        "may_ask": request.user.may(Action.AID_ASK),
        **offered(request.user),
    }
    return render(request, "orders/ordering/catalogue.html", context, status=status)


@allows(Action.ORD_WRITE)
@as_shown
@require_POST
def watch_product(request: HttpRequest) -> HttpResponse:
    """« Prévenez-moi » of a product that ran out."""
    holder = ordering_holder(visit_of(request.user, timezone.localdate()))
    number = row_number(request.POST.get("produit", ""))
    product = get_object_or_404(Product.objects.of_state(), pk=number)
    try:
        watch(by=request.user, holder=holder, product=product)
    except OrderingError as error:
        raise Http404 from error
    messages.success(request, f"Vous serez prévenu par courriel du retour de {product}.")
    return redirect(f"{reverse('orders:catalogue')}#equipement-{product.item_id}")
