"""Compare two share-outs of an item; download who loses."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.exports import csv_response, spreadsheet_response
from common.numbers import row_number
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from orders.models import Allocation, Beneficiary
from orders.quotas.board import changes_of, chart_of, checks_of, map_of
from orders.quotas.causes import causes
from orders.quotas.comparing import Comparison, compare, groups_of
from orders.quotas.move_table import GAINS, MoveRow, move_table
from orders.quotas.pairing import declared_weeks, moves_of
from orders.services.allocations import version_of

FORMATS = ("xlsx", "csv")
SHOWN_FALLS, SHOWN_GAINS = 10, 5
MOST_CHOICES = 30
NAMES = ("item", "doctrine", "created_by", "proposed_by", "renews")
FACTORS = ("region_factors", "renews__region_factors")


@allows(Action.QUOTA_WRITE)
@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """B is what would be published, A what it is compared to."""
    b = asked(request, "b")
    if b is None:
        return redirect("orders:allocations")
    a = other(request, b)
    groups = groups_of(b.doctrine_id)
    group = request.GET.get("groupe", "")
    categories = groups.get(group)
    found = compare(a, b, categories)
    changes = changes_of(a, b)
    context = {
        "found": found,
        "a": a,
        "b": b,
        "choices": choices(b, a),
        "groups": groups,
        "group": group if categories else "",
        "checks": checks_of(found),
        "changes": [one for one in changes if one.a != one.b],
        "unchanged": [one for one in changes if one.a == one.b],
        "chart": chart_of(found),
        "map": map_of(found),
        "moves": [moves_shown(found, categories, gains=gains) for gains in (False, True)],
        "formats": FORMATS,
        "query": request.GET.urlencode(),
        "declared": declared_weeks()[-1],
        "is_mine": b.proposed_by_id == request.user.pk,
        "version": version_of(b),
    }
    return render(request, "orders/quotas/compare.html", context)


def asked(request: HttpRequest, name: str) -> Allocation | None:
    number = row_number(request.GET.get(name, ""))
    return described().filter(pk=number).first()


def described() -> QuerySet[Allocation]:
    return Allocation.objects.select_related(*NAMES).prefetch_related(*FACTORS)


def other(request: HttpRequest, b: Allocation) -> Allocation | None:
    """What is asked, when it is of the same item; else what is in force when B would begin.

    As it was computed last: the week it is, not the one when it was published.
    """
    a = asked(request, "a")
    if a is not None and a.item_id == b.item_id:
        return a
    rows = Allocation.objects.in_force(b.starts_on).filter(item=b.item_id).exclude(pk=b.pk)
    decision = rows.first()
    if decision is None:
        return None
    weeks = described().filter(renews=decision, starts_on__lte=b.starts_on).exclude(pk=b.pk)
    return weeks.order_by("-starts_on").first() or described().get(pk=decision.pk)


def choices(*shown: Allocation | None) -> list[Allocation]:
    """The last ones of the item, and those that are shown whatever their age."""
    kept = {one.pk: one for one in shown if one}
    item = next(iter(kept.values())).item_id
    rows = Allocation.objects.filter(item=item, level__isnull=False)
    living = rows.exclude(state=Allocation.State.ABANDONED).select_related("created_by")
    found = {one.pk: one for one in living.order_by("-pk")[:MOST_CHOICES]} | kept
    return sorted(found.values(), key=lambda one: -one.pk)


def moves_shown(found: Comparison, categories: Any, *, gains: bool) -> dict[str, Any]:
    """The first lines of those who gain, or lose."""
    a, b = found.a, found.b
    table = move_table(a.name if a else "A", b.name, gains=gains)
    rows = move_rows(a, b, categories, SHOWN_GAINS if gains else SHOWN_FALLS, gains=gains)
    return {
        "table": table,
        "lines": [table.cells(one) for one in rows],
        "count": found.sums.more if gains else found.sums.less,
        "nobody": "Personne ne reçoit plus." if gains else "Personne ne reçoit moins.",
    }


def move_rows(
    a: Allocation | None,
    b: Allocation,
    categories: Any,
    limit: int | None = None,
    *,
    gains: bool = False,
) -> Iterator[MoveRow]:
    if a is None:
        return
    moves = list(moves_of(a, b, categories, limit, gains=gains))
    rows = Beneficiary.objects.select_related("establishment", "legal_entity", "region")
    places = rows.in_bulk([one.beneficiary_id for one in moves])
    for one in moves:
        why = causes(a, b, one.inputs_a, one.inputs_b)
        yield MoveRow(places[one.beneficiary_id], one, why)


@allows(Action.QUOTA_WRITE)
@require_safe
def comparison_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All who lose, or who gain, the largest first."""
    b = asked(request, "b")
    if kind not in FORMATS or b is None:
        raise Http404
    a = other(request, b)
    categories = groups_of(b.doctrine_id).get(request.GET.get("groupe", ""))
    gains = request.GET.get("sens") == GAINS
    table = move_table(a.name if a else "A", b.name, gains=gains)
    values = [table.file_row(one) for one in move_rows(a, b, categories, gains=gains)]
    record("orders.allocations_compared_exported", by=request.user, target=b, format=kind,
           rows=len(values))  # fmt: skip
    name = f"{table.ident}-{b.item.code}-{b.starts_on:%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response(table.ident.capitalize(), table.headers, values, filename=name)
