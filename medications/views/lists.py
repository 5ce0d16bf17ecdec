"""The lists of products that pharmacies declare, and the page of a product."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from medications.announced import announced_changes
from medications.calendar import calendar_of
from medications.filters import ListFilter
from medications.listing import FORMATS, ORDERS, Listing, asked_order
from medications.models import MonitoredList, Product
from medications.sentences import due_sentence, rhythm_sentence
from medications.services.settings import lists_for
from medications.tables import table_of


@allows(Action.REF_READ)
@require_safe
def product_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What a list follows on a day, narrowed by what was asked."""
    monitored_list = get_object_or_404(MonitoredList, slug=slug)
    form = ListFilter(request.GET, monitored_list=monitored_list)
    calendar = calendar_of(monitored_list)
    today = timezone.localdate()
    context = {
        "monitored_list": monitored_list,
        "form": form,
        "day": form.day,
        "is_today": form.day == today,
        "listing": Listing(table_of(monitored_list), form.rows(), request.GET),
        "formats": FORMATS,
        "rhythm": rhythm_sentence(calendar.rule_on(form.day)),
        "next_due": due_sentence(calendar.expected(timezone.now())),
        "announced": announced_changes(monitored_list, today),
        "may_set": request.user.may(Action.MED_SETTINGS),
    }
    return render(request, "medications/list.html", context)


@allows(Action.REF_READ)
@require_safe
def list_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same rows, whole; who took them is in the journal."""
    monitored_list = get_object_or_404(MonitoredList, slug=slug)
    if kind not in FORMATS:
        raise Http404
    form = ListFilter(request.GET, monitored_list=monitored_list)
    table = table_of(monitored_list)
    rows = form.rows().order_by(*ORDERS[asked_order(request.GET)])
    values = [table.file_row(row) for row in rows]
    record(
        "medications.list_exported",
        by=request.user,
        target=monitored_list.title,
        rows=len(values),
        format=kind,
        filters={name: value for name, value in request.GET.items() if value},
    )
    name = f"liste-{slug}-{form.day:%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response(table.title, table.headers, values, filename=name)


@allows(Action.REF_READ)
@require_safe
def product(request: HttpRequest, code: str) -> HttpResponse:
    """Its codes, what it is made of, what replaces it, and how it is followed since when."""
    rows = Product.objects.select_related("substance", "reference")
    found = get_object_or_404(rows, code=code)
    followed = list(found.monitorings.select_related("monitored_list").order_by("-starts_on"))
    today = timezone.localdate()
    current = [
        one for one in followed if one.starts_on <= today and (one.ends_on or today) >= today
    ]
    context = {
        "product": found,
        "monitorings": followed,
        "current": next(iter(current), None),
        "latest": next(iter(followed), None),
        "presentations": found.presentations.all(),
        "alternates": found.alternates.all(),
        "sisters": found.sisters.select_related("reference"),
        "may_set": request.user.may(Action.MED_SETTINGS) and found.may_be_followed,
        "lists": lists_for(found),
        "today": today,
    }
    return render(request, "medications/product.html", context)
