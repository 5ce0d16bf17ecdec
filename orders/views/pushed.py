"""Pushed allocations: a file, the stock it takes, one confirmation."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.carried import carried, carry, refused_words
from common.numbers import format_integer
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.logistics import pushed_files
from orders.logistics.finding import Asked, pack, unpack
from orders.logistics.forms import PushedForm
from orders.logistics.tabs import page_context
from orders.models import Order
from orders.services.errors import OrderingError
from orders.services.pushed import push

SALT = "orders.pushed.preview"
PER_PAGE = 50


@as_shown
@allows(Action.ROUTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def pushed(request: HttpRequest) -> HttpResponse:
    """Those already pushed, and the form for a file."""
    if "content" in request.POST:
        return _confirmed(request)
    form = PushedForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        asked, digest = form.asked()
        if not form.errors:
            return _preview(request, asked, digest, form.cleaned_data["reason"])
    rows = Order.objects.filter(kind=Order.Kind.PUSHED).select_related(
        "beneficiary__establishment", "beneficiary__legal_entity", "operator", "region"
    )
    page = Paginator(rows.prefetch_related("lines__product"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = page_context(request.user, "orders:pushed") | {"form": form, "page": page}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/logistics/pushed.html", context, status=status)


def _preview(
    request: HttpRequest, asked: list[Asked], digest: str, reason: str, refused: str = ""
) -> HttpResponse:
    drafted = pushed_files.check(asked, digest)
    content = {"asked": pack(asked), "digest": digest, "reason": reason}
    context = page_context(request.user, "orders:pushed", "Relire les dotations")
    context |= refused_words(drafted.errors.rows(), is_cut=drafted.errors.is_cut) | {
        "drafted": drafted,
        "reason": reason,
        "content": carry(content, SALT),
        "refused": refused,
    }
    status = 409 if refused else 200
    return render(request, "orders/logistics/pushed_check.html", context, status=status)


def _confirmed(request: HttpRequest) -> HttpResponse:
    content = carried(request, SALT)
    if content is None:
        return redirect("orders:pushed")
    asked, digest, reason = unpack(content["asked"]), content["digest"], content["reason"]
    drafted = pushed_files.check(asked, digest)
    if drafted.errors.errors:
        return _preview(request, asked, digest, reason)
    try:
        pushed_now = push(drafted.allotted, by=request.user, digest=digest, reason=reason)
    except OrderingError as error:
        return _preview(request, asked, digest, reason, str(error))
    count = len(pushed_now.orders)
    s = "s" if count > 1 else ""
    if pushed_now.is_new:
        told = f"{format_integer(count)} dotation{s} poussée{s}\u00a0: l’entrepôt les reçoit."
        messages.success(request, told)
    else:
        messages.info(
            request, "Ces dotations étaient déjà poussées\u00a0: rien n’est envoyé deux fois."
        )
    return redirect("orders:pushed")


@allows(Action.ROUTE_WRITE)
@require_safe
def pushed_template(request: HttpRequest) -> HttpResponseBase:
    return pushed_files.template()
