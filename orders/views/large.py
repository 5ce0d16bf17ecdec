"""The list of the large beneficiaries: read, imported with a preview, exported."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.carried import carried, carry, refused_file, refused_words
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.logistics import large_files
from orders.logistics.finding import Asked, pack, unpack
from orders.logistics.forms import LargeForm
from orders.logistics.large_files import Mode
from orders.logistics.tabs import page_context
from orders.models import Beneficiary
from orders.services.errors import OrderingError
from orders.services.large import ListChangedError, replace_large

SALT = "orders.large.preview"
PER_PAGE = 50


@allows(Action.ROUTE_WRITE)
@require_safe
def large(request: HttpRequest) -> HttpResponse:
    rows = Beneficiary.objects.filter(platform__isnull=False).select_related(
        "establishment", "legal_entity", "platform", "region"
    )
    page = Paginator(rows.order_by("platform__code", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = page_context(request.user, "orders:routing", "Grands établissements")
    return render(request, "orders/logistics/large.html", context | {"page": page})


@as_shown
@allows(Action.ROUTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def large_import(request: HttpRequest) -> HttpResponse:
    """A file, what it would do, one confirmation: nothing is written before."""
    if "content" in request.POST:
        return _confirmed(request)
    form = LargeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        asked = form.asked()
        if not form.errors:
            return _preview(request, asked, Mode(form.cleaned_data["mode"]))
    context = page_context(request.user, "orders:routing", "Importer les grands établissements")
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request, "orders/logistics/large_import.html", context | {"form": form}, status=status
    )


def _preview(
    request: HttpRequest, asked: list[Asked], mode: Mode, changed: str = ""
) -> HttpResponse:
    drafted = large_files.check(asked, mode)
    content = {"asked": pack(asked), "mode": mode.value, "seen": drafted.seen}
    context = page_context(request.user, "orders:routing", "Relire la liste")
    context |= refused_words(drafted.errors.rows(), is_cut=drafted.errors.is_cut) | {
        "drafted": drafted,
        "mode_label": dict(large_files.MODES)[mode],
        "content": carry(content, SALT),
        "changed": changed,
    }
    status = 409 if changed else 200
    return render(request, "orders/logistics/large_check.html", context, status=status)


def _confirmed(request: HttpRequest) -> HttpResponse:
    content = carried(request, SALT)
    if content is None:
        return redirect("orders:large_import")
    asked, mode = unpack(content["asked"]), Mode(content["mode"])
    drafted = large_files.check(asked, mode)
    if not drafted.is_ready:
        return _preview(request, asked, mode)
    try:
        counts = replace_large(
            drafted.platforms, by=request.user, seen=content["seen"], is_whole=True
        )
    except ListChangedError as error:
        return _preview(request, asked, mode, str(error))
    except OrderingError as error:
        messages.error(request, str(error))
        return redirect("orders:large_import")
    messages.success(request, _said(counts))
    return redirect("orders:large")


def _said(counts: dict[str, int]) -> str:
    words = {"added": "ajouté", "changed": "changé", "removed": "retiré"}
    told = [
        f"{count} établissement{'s' if count > 1 else ''} {words[name]}{'s' if count > 1 else ''}"
        for name, count in counts.items()
        if count
    ]
    return f"La liste est écrite\u00a0: {', '.join(told) or 'rien ne change'}."


@allows(Action.ROUTE_WRITE)
@require_safe
def large_file(request: HttpRequest) -> HttpResponseBase:
    return large_files.export()


@allows(Action.ROUTE_WRITE)
@require_safe
def large_template(request: HttpRequest) -> HttpResponseBase:
    return large_files.template()


@require_POST
@allows(Action.ROUTE_WRITE)
def refused_lines(request: HttpRequest) -> HttpResponseBase:
    """The refused cells of either import, as a file."""
    return refused_file(request, back="orders:routing")
