"""Quotas of a week: those of one's perimeter, each explained; the extras."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.exports import csv_response, spreadsheet_response
from common.paging import ShallowPaginator
from common.weeks import current_week
from epi_stocks.models import EpiItem
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from journal.services import record
from orders.models import Beneficiary, Quota, QuotaExtra, RegionalPool
from orders.quotas.explaining import explained
from orders.quotas.filters import QuotaFilter
from orders.quotas.forms import ExtraForm
from orders.quotas.tables import OF_QUOTA, own_quota_table, quota_table
from orders.quotas.words import counted
from orders.rules import tensions_on
from orders.services.extras import give_extra, withdraw_extra
from orders.services.publishing import missing_weeks
from orders.services.quota_errors import AllocationError

PER_PAGE = 50
FORMATS = ("xlsx", "csv")


@allows(Action.ORD_QUOTA_READ)
@require_safe
def quotas(request: HttpRequest) -> HttpResponse:
    """The entrance: those who set quotas prepare them, the others read theirs."""
    by_role = "allocations" if request.user.may(Action.QUOTA_WRITE) else "quota_list"
    return redirect(f"orders:{by_role}")


@allows(Action.ORD_QUOTA_READ)
@require_safe
def quota_list(request: HttpRequest) -> HttpResponse:
    form = QuotaFilter(request.GET, user=request.user)
    paginator = ShallowPaginator(form.rows().select_related(*OF_QUOTA), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    alone = alone_of(form, page.object_list)
    table = own_quota_table(form.week) if alone else quota_table(form.week)
    pools = RegionalPool.objects.for_user(request.user, to=Action.ORD_QUOTA_READ)
    if form.chosen("region"):
        pools = pools.filter(region=form.chosen("region"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "table": table,
        "alone": alone,
        "table_note": f"En unités. Ouvrez un {'équipement' if alone else 'nom'} pour le calcul.",
        "page": page,
        "is_deeper": paginator.is_deeper,
        "lines": [table.cells(one) for one in page.object_list],
        "pools": pools.filter(week=form.week).select_related("item", "region")
        if form.is_territory and (not form.is_national or form.chosen("region"))
        else [],
        "awaited": awaited() if form.week == current_week() else [],
        "query": query.urlencode(),
        "formats": FORMATS,
        "may_set": request.user.may(Action.QUOTA_WRITE),
    }
    return render(request, "orders/quotas/list.html", context)


def alone_of(form: QuotaFilter, rows: Iterable[Quota]) -> Beneficiary | None:
    """The one whose quotas a place reads; None of a territory, or of several."""
    found = {} if form.is_territory else {one.beneficiary_id: one.beneficiary for one in rows}
    return found.popitem()[1] if len(found) == 1 else None


def awaited() -> list[EpiItem]:
    """The items in tension and in force whose quotas of this week are not made yet."""
    return [one.item for one in missing_weeks(current_week())]


@allows(Action.ORD_QUOTA_READ)
@require_safe
def quota_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The table of the screen, all its pages; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    form = QuotaFilter(request.GET, user=request.user)
    table = quota_table(form.week)
    rows = form.rows().select_related(*OF_QUOTA).iterator(chunk_size=2_000)
    values = (table.file_row(one) for one in rows)
    record("orders.quotas_exported", by=request.user, target=table.title, format=kind,
           filters=form.words)  # fmt: skip
    name = f"contingents-{form.week:%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response("Contingents", table.headers, values, filename=name)


@allows(Action.ORD_QUOTA_READ)
@require_safe
def quota(request: HttpRequest, pk: int) -> HttpResponse:
    """One quota and its calculation."""
    return quota_page(request, quota_of(request, pk))


def quota_of(request: HttpRequest, pk: int) -> Quota:
    rows = Quota.objects.for_user(request.user, to=Action.ORD_QUOTA_READ)
    found: Quota = get_object_or_404(rows.select_related(*OF_QUOTA, "allocation"), pk=pk)
    return found


@allows(Action.ORD_QUOTA_READ)
@require_safe
def own_quota(request: HttpRequest, code: str) -> HttpResponse:
    """The quota of this week for an item, or the list when one reads those of several."""
    item = get_object_or_404(EpiItem.objects.top(), code=code)
    rows = Quota.objects.for_user(request.user, to=Action.ORD_QUOTA_READ)
    found = rows.filter(item=item, week=current_week()).select_related(*OF_QUOTA, "allocation")
    some = list(found[:2])
    if len(some) != 1:
        return redirect(f"{reverse('orders:quota_list')}?equipement={item.pk}")
    return quota_page(request, some[0])


def quota_page(
    request: HttpRequest, row: Quota, form: ExtraForm | None = None, status: int = 200
) -> HttpResponse:
    extras = row.extras.select_related("given_by", "withdrawn_by")
    context = {
        "quota": row,
        "explanation": explained([row])[row.pk],
        "extras": extras,
        "form": form or ExtraForm(),
        "may_set": request.user.may(Action.QUOTA_WRITE) and row.week >= current_week(),
        "is_current": row.week == current_week(),
        "is_tense": row.item_id in tensions_on(timezone.localdate(), row.beneficiary.region_id),
    }
    return render(request, "orders/quotas/quota.html", context, status=status)


@allows(Action.QUOTA_WRITE)
@as_shown
@require_POST
def extra(request: HttpRequest, pk: int) -> HttpResponse:
    """« Contingent exceptionnel »."""
    row = quota_of(request, pk)
    form = ExtraForm(request.POST)
    if not form.is_valid():
        return quota_page(request, row, form, status=422)
    try:
        give_extra(by=request.user, quota=row, **form.cleaned_data)
    except AllocationError as refusal:
        form.add_error(None, str(refusal))
        return quota_page(request, row, form, status=422)
    messages.success(
        request, "Le contingent est augmenté. Le bénéficiaire et son ARS sont avertis."
    )
    return redirect("orders:quota", pk=pk)


@allows(Action.QUOTA_WRITE)
@as_shown
@require_POST
def extra_withdrawn(request: HttpRequest, pk: int) -> HttpResponse:
    rows = QuotaExtra.objects.for_user(request.user, to=Action.QUOTA_WRITE)
    row = get_object_or_404(rows.select_related("quota"), pk=pk)
    try:
        back = withdraw_extra(by=request.user, extra=row)
    except AllocationError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Retour à la réserve\u00a0: {counted(back, 'unités')}.")
    return redirect("orders:quota", pk=row.quota_id)
