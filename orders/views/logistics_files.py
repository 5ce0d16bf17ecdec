"""Order files: their list, one of them, its content for its warehouse, its replay."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.api.files import content_of
from orders.logistics.forms import ReasonForm
from orders.logistics.reach import files_seen, may_fetch, reports_seen
from orders.logistics.tabs import page_context
from orders.models import OrderFile
from orders.services.errors import OrderingError
from orders.services.order_file_acts import acknowledge_file, note_reading, replay_file

PER_PAGE, SHOWN = 25, 200


@allows(Action.IF_GET, Action.IF_META)
@require_safe
def order_files(request: HttpRequest) -> HttpResponse:
    rows = files_seen(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    counts = rows.order_by("operator__name").values("operator__name").annotate(
        files=Count("pk"), waiting=Count("pk", filter=Q(acknowledged_at=None)), last=Max("sequence")
    )  # fmt: skip
    context = page_context(request.user, "orders:order_files") | {
        "page": page,
        "counts": counts,
        "held_back": reports_seen(request.user).held_back().count(),
        "is_single": len({one["operator__name"] for one in counts}) < 2,
        "fetchable": {one.pk for one in page if may_fetch(request.user, one)},
    }
    return render(request, "orders/logistics/files.html", context)


@allows(Action.IF_GET, Action.IF_META)
@require_safe
def order_file(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk), ReasonForm())


def _page(request: HttpRequest, file: OrderFile, form: ReasonForm) -> HttpResponse:
    filed = file.filed.select_related("order")
    context = page_context(request.user, "orders:order_files", f"Fichier n° {file.sequence}") | {
        "file": file,
        "filed": filed[:SHOWN],
        "filed_count": filed.count(),
        "replays": file.replays.without_content().order_by("sequence"),
        "may_fetch": may_fetch(request.user, file),
        "reads_orders": request.user.may(Action.ORD_READ),
        "may_replay": request.user.may(Action.IF_REPLAY),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "orders/logistics/file.html", context, status=status)


@allows(Action.IF_GET)
@require_safe
def order_file_content(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The very bytes that the digest is of; that it was read is journaled."""
    rows = OrderFile.objects.for_user(request.user, to=Action.IF_GET).select_related("operator")
    file = get_object_or_404(rows, pk=pk)
    if form not in ("json", "csv"):
        raise Http404
    note_reading(file, form, by=request.user)
    return content_of(file, form)


@as_shown
@allows(Action.IF_GET)
@require_POST
def order_file_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    rows = OrderFile.objects.for_user(request.user, to=Action.IF_GET)
    file = acknowledge_file(get_object_or_404(rows, pk=pk), by=request.user)
    messages.success(request, f"Le fichier n° {file.sequence} est noté comme reçu.")
    return redirect("orders:order_file", pk=pk)


@as_shown
@allows(Action.IF_REPLAY)
@require_http_methods(["POST"])
def order_file_replay(request: HttpRequest, pk: int) -> HttpResponse:
    file = _found(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            again = replay_file(file, by=request.user, reason=form.cleaned_data["reason"])
        except OrderingError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(
                request, f"Les mêmes commandes sont dans le fichier n° {again.sequence}."
            )
            return redirect("orders:order_file", pk=again.pk)
    return _page(request, file, form)


def _found(request: HttpRequest, pk: int) -> OrderFile:
    found: OrderFile = get_object_or_404(files_seen(request.user), pk=pk)
    return found
