"""The ARS answers a request by an order on its pool, prefilled with what is asked and left."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from orders.models import DeliveryAddress, Product, RegionalPool, Registration, ReliefRequest
from orders.relief.forms import PoolForm, packs_offered
from orders.relief.rights import agency_for, may_answer, pool_for
from orders.services import relief as services
from orders.services.errors import OrderingError
from orders.services.finess_addresses import finess_addresses
from orders.views.relief import find


@allows(Action.ORD_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def relief_order(request: HttpRequest, pk: int) -> HttpResponse:
    row = find(request, pk)
    if not may_answer(request.user, row) or agency_for(request.user, row) is None:
        raise PermissionDenied(refusal(Action.ORD_WRITE))
    pool = pool_for(row)
    form = form_of(row, pool, request.POST or None)
    if request.method == "POST":
        return send(request, row, pool, form)
    return show(request, row, pool, form)


def form_of(row: ReliefRequest, pool: RegionalPool | None, data: Any = None) -> PoolForm:
    products = list(Product.objects.of_state().filter(item=row.item))
    form = PoolForm(data, products=products, addresses=addresses_of(row))
    left = pool.remaining if pool else 0
    form.initial = {
        **contact_of(row, form.addresses),
        "jeton": uuid4(),
        **packs_offered(products, row.quantity, left),
    }
    return form


def contact_of(row: ReliefRequest, addresses: list[DeliveryAddress]) -> dict[str, str]:
    """Whom the driver calls: as the address tells, else who asked, as registered for orders."""
    first = addresses[0] if addresses else None
    if first and first.contact_name and first.contact_phone:
        return {"contact": first.contact_name, "telephone": first.contact_phone}
    known = Registration.objects.filter(profile=row.profile).first()
    if known is not None:
        return {"contact": f"{known.first_name} {known.last_name}", "telephone": known.phone}
    phone = (row.profile.phone if row.profile else "") or row.asked_by.phone
    return {"contact": str(row.asked_by), "telephone": phone}


def addresses_of(row: ReliefRequest) -> list[DeliveryAddress]:
    """That of the site first, then the others that may be used."""
    own = [one for one in finess_addresses(row.beneficiary) if one.site_id == row.site_id]
    others = DeliveryAddress.objects.usable().filter(beneficiary=row.beneficiary)
    return own + [one for one in others if one not in own]


def send(
    request: HttpRequest, row: ReliefRequest, pool: RegionalPool | None, form: PoolForm
) -> HttpResponse:
    if not form.is_valid():
        return show(request, row, pool, form, status=422)
    typed = form.cleaned_data
    answer = services.PoolAnswer(
        lines=form.lines(),
        address=form.address(),
        contact_name=typed["contact"],
        contact_phone=typed["telephone"],
        token=typed["jeton"],
        message=typed["message"],
    )
    try:
        order = services.answer_by_order(by=request.user, request=row, answer=answer)
    except services.AnsweredMeanwhileError as error:
        messages.error(request, str(error))
        return redirect("orders:relief_request", row.pk)
    except OrderingError as error:
        form.add_error(None, str(error))
        if pool:
            pool.refresh_from_db()
        return show(request, row, pool, form, status=422)
    messages.success(
        request, f"La commande {order} est transmise\u00a0: l’établissement est prévenu."
    )
    return redirect("orders:relief_request", row.pk)


def show(
    request: HttpRequest,
    row: ReliefRequest,
    pool: RegionalPool | None,
    form: PoolForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "row": row,
        "pool": pool,
        "form": form,
        "is_answerable": services.is_answerable(row),
    }
    return render(request, "orders/relief/order.html", context, status=status)
