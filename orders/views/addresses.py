"""Delivery addresses: those one has, those that wait, one proposed, one decided."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.numbers import row_number
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from orders.addresses.forms import AddressForm, RefusalForm, SeenTermsForm, initial_terms
from orders.addresses.remarks import remarks
from orders.addresses.rights import (
    Holder,
    may_decide,
    may_propose,
    may_retire,
    own_agency,
    own_beneficiaries,
    seen,
    to_decide,
)
from orders.models import Beneficiary, DeliveryAddress, Order
from orders.services import addresses as services

MOST_ENDED = 50
LIVE = (DeliveryAddress.State.PROPOSED, DeliveryAddress.State.VALIDATED)


@allows(Action.ADDR_PROPOSE, Action.ADDR_VALIDATE)
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """Those of one's place (or of one's ARS); first, those that wait for oneself."""
    places = Places(request)
    holder = places.holder
    own: list[DeliveryAddress] = []
    if holder is not None:
        if isinstance(holder, Beneficiary):
            services.finess_addresses(holder)
        own = list(of_holder(holder).for_list())
    context = {
        "waiting": list(to_decide(request.user).for_list()),
        "holder": holder,
        "holders": places.offered,
        "live": sorted((one for one in own if one.state in LIVE), key=usable_first),
        "ended": [one for one in own if one.state not in LIVE][:MOST_ENDED],
        "may_propose": holder is not None and may_propose(request.user, holder),
        "query": places.query,
    }
    return render(request, "orders/addresses/list.html", context)


def usable_first(row: DeliveryAddress) -> tuple[bool, bool, str]:
    """Where one may order now, that of FINESS before the others."""
    return row.state != DeliveryAddress.State.VALIDATED, row.site_id is None, row.label


def of_holder(holder: Holder) -> Any:
    field = "beneficiary" if isinstance(holder, Beneficiary) else "agency"
    return DeliveryAddress.objects.filter(**{field: holder})


@dataclass
class Places:
    """For whom the page is: the one that the address names, the only one, or one's ARS."""

    request: HttpRequest

    def __post_init__(self) -> None:
        user: Any = self.request.user
        self.offered = own_beneficiaries(user)
        asked = self.request.GET.get("beneficiaire", "")
        self.query = f"?beneficiaire={row_number(asked)}" if asked else ""
        self.holder: Holder | None = self._asked(user, row_number(asked)) if asked else None
        if not asked:
            self.holder = self.offered[0] if self.offered else own_agency(user)

    def _asked(self, user: User, pk: int) -> Beneficiary:
        rows = Beneficiary.objects.select_related("establishment", "legal_entity")
        for action in (Action.ADDR_PROPOSE, Action.ADDR_VALIDATE):
            if found := rows.for_user(user, to=action).filter(pk=pk).first():
                return found
        raise Http404


@allows(Action.ADDR_PROPOSE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: HttpRequest) -> HttpResponse:
    places = Places(request)
    holder = places.holder
    if holder is None or not may_propose(request.user, holder):
        raise PermissionDenied(refusal(Action.ADDR_PROPOSE))
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.propose(by=request.user, holder=holder, wanted=form.wanted())
        except services.AddressError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "L’adresse est proposée\u00a0: une autre personne la valide.")
            return redirect("orders:address", row.pk)
    context = {"form": form, "holder": holder, "query": places.query}
    status = 422 if form.errors else 200
    return render(request, "orders/addresses/new.html", context, status=status)


@allows(Action.ADDR_PROPOSE, Action.ADDR_VALIDATE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """One address; what one may do there is a form each."""
    row = get_object_or_404(seen(request.user).for_list(), pk=pk)
    if request.method != "POST":
        return page(request, row)
    match request.POST.get("action"):
        case "valider" | "refuser" as answer:
            return decide(request, row, answer)
        case "retirer":
            return retire(request, row)
        case "consignes":
            return set_terms(request, row)
    raise Http404


def decide(request: HttpRequest, row: DeliveryAddress, answer: str) -> HttpResponse:
    form = RefusalForm(request.POST)
    form.is_valid()
    reason = form.cleaned_data.get("reponse", "")
    try:
        if answer == "valider":
            services.validate(by=request.user, address=row)
        else:
            services.refuse(by=request.user, address=row, reason=reason)
    except services.AddressChangedError as error:
        messages.error(request, str(error))
        return page(request, error.row, status=409)
    except services.AddressError as error:
        form.add_error("reponse" if answer == "refuser" else None, str(error))
        return page(request, row, refusal_form=form, status=422)
    word = "validée" if answer == "valider" else "refusée"
    messages.success(request, f"L’adresse est {word}. La personne qui la propose est prévenue.")
    return redirect("orders:address", row.pk)


def retire(request: HttpRequest, row: DeliveryAddress) -> HttpResponse:
    try:
        services.retire(by=request.user, address=row)
    except services.AddressError as error:
        messages.error(request, str(error))
        return page(request, row, status=422)
    messages.success(request, "L’adresse est retirée\u00a0: on ne peut plus y faire livrer.")
    return redirect("orders:address", row.pk)


def set_terms(request: HttpRequest, row: DeliveryAddress) -> HttpResponse:
    form = SeenTermsForm(request.POST)
    if not form.is_valid():
        return page(request, row, terms_form=form, status=422)
    try:
        services.set_terms(by=request.user, address=row, terms=form.terms(), seen=form.seen())
    except services.AddressChangedError as error:
        form.data = form.data.copy()
        form.data["vues"] = initial_terms(error.row)["vues"]
        form.add_error(None, str(error))
        return page(request, error.row, terms_form=form, status=409)
    except services.AddressError as error:
        form.add_error(None, str(error))
        return page(request, row, terms_form=form, status=422)
    messages.success(request, "Les consignes de livraison sont enregistrées.")
    return redirect("orders:address", row.pk)


def coming(row: DeliveryAddress) -> int:
    """Orders under way that go there: they do, even once it is retired."""
    found: int = Order.objects.filter(address=row, state__in=Order.UNDER_WAY).count()
    return found


def page(
    request: HttpRequest,
    row: DeliveryAddress,
    *,
    refusal_form: RefusalForm | None = None,
    terms_form: SeenTermsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """After a refusal, what was typed stays in the fields."""
    is_live = row.state in LIVE
    context = {
        "row": row,
        "remarks": remarks(row) if row.state == "proposed" else [],
        "may_decide": row.state == "proposed" and may_decide(request.user, row),
        "may_retire": may_retire(request.user, row),
        "is_own": row.proposed_by_id == request.user.pk,
        "coming": coming(row),
        "refusal_form": refusal_form or RefusalForm(),
        "terms_form": (terms_form or SeenTermsForm(initial=initial_terms(row)))
        if is_live and may_propose(request.user, row.holder)
        else None,
    }
    return render(request, "orders/addresses/address.html", context, status=status)
