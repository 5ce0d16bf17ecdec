"""The orders followed: the list and its files, the page of one, its slip to print, its photos."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from common.exports import csv_response, spreadsheet_response
from common.paging import KeyedPaginator
from common.photos import photo_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from orders.following.filters import OrdersFilter, followed_orders
from orders.following.page import page_of
from orders.following.reading import order_of, reads_a_territory, reads_as_warehouse
from orders.following.tables import orders_table
from orders.models import Order, Photo
from orders.ordering.actions import actions_of

PER_PAGE = 50
DEEPEST = 10_000  # rows counted and paged; beyond, the filters find
FORMATS = ("xlsx", "csv")
START = ("Distrilog-Santé", "orders:start")
LIST = ("Commandes", "orders:orders")


def trail(*pages: tuple[str, str], order: Order | None = None) -> list[tuple[str, str]]:
    """The pages above: those named, then that of an order."""
    found = [(label, reverse(name)) for label, name in (START, *pages)]
    if order is not None:
        found.append((f"Commande {order.number}", reverse("orders:order", args=[order.pk])))
    return found


@allows(Action.ORD_READ)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """One's own, one's territory's, or those routed to one's warehouse."""
    today = timezone.localdate()
    form = OrdersFilter(request.GET, user=request.user, today=today)
    rows = followed_orders(request.user, form, today)
    counted = rows.order_by()[: DEEPEST + 1].count()
    pages = KeyedPaginator(rows, PER_PAGE, total=min(counted, DEEPEST))
    page, table = pages.get_page(request.GET.get("page")), orders_table(today)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "above": trail(),
        "form": form,
        "table": table,
        "page": page,
        "count": pages.count,
        "is_deeper": counted > DEEPEST,
        "lines": [table.cells(one) for one in page.object_list],
        "query": query.urlencode(),
        "formats": FORMATS,
        "is_filtered": any(value for name, value in request.GET.items() if name != "page"),
        "is_warehouse": reads_as_warehouse(request.user),
        "is_territory": reads_a_territory(request.user),
    }
    return render(request, "orders/following/orders.html", context)


@allows(Action.ORD_READ)
@require_safe
def orders_file(request: HttpRequest, kind: str) -> HttpResponse:
    """What is on screen, all its pages; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    today = timezone.localdate()
    form = OrdersFilter(request.GET, user=request.user, today=today)
    rows = followed_orders(request.user, form, today)
    table = orders_table(today)
    record(
        "orders.orders_exported",
        by=request.user,
        target=table.title,
        format=kind,
        filters=request.GET.urlencode(),
    )
    values = map(table.file_row, rows.iterator(chunk_size=2_000))
    filename = f"commandes-{today:%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=filename)
    return spreadsheet_response(table.title, table.headers, values, filename=filename)


@allows(Action.ORD_READ)
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "orders/following/order.html", order_context(request, pk))


@allows(Action.ORD_READ)
@require_safe
def order_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The slip to count by, at the door: on paper, with room to write."""
    return render(request, "orders/following/slip.html", order_context(request, pk))


def order_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    found = order_of(request.user, pk)
    shown = page_of(request.user, found, timezone.now(), timezone.localdate())
    return {
        "above": trail(LIST),
        "page": shown,
        "order": found,
        "may_answer": request.user.may(Action.CLAIM_ANSWER),
        **actions_of(request.user, found),
    }


@allows(Action.ORD_READ, Action.CLAIM_ANSWER)
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The image itself, for who reads its order: never as a page, never as a script."""
    found = photo_of(request.user, pk)
    return photo_response(found.content, f"photo-{found.pk}")


def photo_of(user: User, pk: int) -> Photo:
    """Of an order that one reads; of a claim, for who answers it too."""
    rows = Photo.objects.filter(pk=pk)
    found = rows.for_user(user, to=Action.ORD_READ).first()
    if found is None:
        answered = rows.filter(message__isnull=False)
        found = answered.for_user(user, to=Action.CLAIM_ANSWER).first()
    if found is None:
        raise Http404
    return found
