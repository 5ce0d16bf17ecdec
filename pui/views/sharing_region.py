"""An agency adjusts its region; a pharmacy sees what it receives, and confirms it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.lookups import get_in_perimeter
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from pui.medicine import quantity_of
from pui.models import PharmacyShare, RegionalShare
from pui.services.adjusting import Adjustment, ShareConflictError, adjust, needs_now, resume
from pui.services.receiving import (
    AlreadyConfirmedError,
    Reception,
    confirm_reception,
    version_of,
)
from pui.services.sharing import SharingError
from pui.sharing import texts
from pui.sharing.board import pharmacy_rows
from pui.sharing.forms import ReceptionForm
from pui.sharing.tables import pharmacy_table
from pui.sharing.typing import Typed, read_typed, shown
from pui.views.sharing_context import (
    FORMATS,
    is_national,
    regional_of,
    table_file,
    trail,
    words_of,
)


@allows(Action.MED_ALLOCATE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def sharing_region(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The pharmacies of a region, with a field each while it may be adjusted."""
    regional = regional_of(request, pk, code)
    if request.method != "POST":
        return region_page(request, regional)
    rows = list(pharmacy_rows(regional.share_out).filter(regional=regional))
    typed = read_typed(request.POST, rows)
    if typed.errors:
        return region_page(request, regional, typed, refusals=typed.errors, status=422)
    asked = Adjustment(
        typed.values, typed.seen, request.POST.get("note", "")[:1000], "terminer" in request.POST
    )
    try:
        changed = adjust(by=request.user, regional=regional, asked=asked)
    except ShareConflictError as refusal:
        told = [str(refusal), *map(_conflict_text, refusal.rows)]
        return region_page(request, regional, typed, refusals=told, status=409)
    except SharingError as refusal:
        return region_page(request, regional, typed, refusals=[str(refusal)], status=422)
    messages.success(request, _adjusted_text(len(changed), is_done=asked.is_done))
    return redirect("pui:sharing_region", pk=pk, code=code)


def _conflict_text(row: PharmacyShare) -> str:
    return f"{row.pui.label}\u00a0: {row.changed_by} a enregistré {row.quantity}."


def _adjusted_text(count: int, *, is_done: bool) -> str:
    if is_done:
        return "L’ajustement de votre région est terminé. La cellule nationale le voit."
    if not count:
        return "Rien n’a changé."
    s = "s" if count > 1 else ""
    return f"{count} quantité{s} enregistrée{s}."


def region_page(
    request: HttpRequest,
    regional: RegionalShare,
    typed: Typed | None = None,
    refusals: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """After a refusal, what was typed stays in the fields."""
    regional.refresh_from_db(fields=["total", "note", "done_at", "done_by"])
    share_out = regional.share_out
    share_out.refresh_from_db()
    rows = list(pharmacy_rows(share_out).filter(regional=regional))
    is_open = is_adjustable(request, regional)
    again = declared_since(regional, rows) if is_open else []
    fields = shown([one for one in rows if one.may_be_served or one in again])
    fields |= {pk: text for pk, text in (typed.texts if typed else {}).items() if pk in fields}
    table = pharmacy_table(share_out, typed=fields if is_open else None)
    context = region_words(regional, rows, again) | {
        "is_open": is_open,
        "table": table,
        "lines": [table.cells(one) for one in rows if one.may_be_served or one in again],
        "refusals": refusals,
        "note": request.POST.get("note", regional.note),
    }
    return render(request, "dispostock/sharing/region.html", context, status=status)


def region_words(
    regional: RegionalShare, rows: Sequence[PharmacyShare], again: Sequence[PharmacyShare]
) -> dict[str, Any]:
    """What is said of a region, whoever looks."""
    share_out = regional.share_out
    given = sum(one.quantity for one in rows)
    return words_of(share_out) | {
        "regional": regional,
        "blocked": [(one, texts.block_text(one)) for one in rows if not_served(one, again)],
        "again": again,
        "given": given,
        "left": texts.left_text(regional.total - given, share_out.unit),
        "total_text": quantity_of(regional.total, share_out.unit),
        "acts": texts.acts_of(share_out),
        "is_over": share_out.closes_on < timezone.localdate(),
    }


def is_adjustable(request: HttpRequest, regional: RegionalShare) -> bool:
    """As ``pui.services.adjusting`` will say again when it is sent."""
    share_out = regional.share_out
    in_time = share_out.closes_on >= timezone.localdate() or is_national(request.user)
    return share_out.is_adjusting and regional.done_at is None and in_time


def declared_since(regional: RegionalShare, rows: Sequence[PharmacyShare]) -> list[PharmacyShare]:
    """Those that could not be served when it was opened, and can now."""
    blocked = [one for one in rows if not one.may_be_served]
    needs = needs_now(regional.share_out, blocked, timezone.now()) if blocked else {}
    return [one for one in blocked if one.pui_id in needs and needs[one.pui_id].may_be_served]


def not_served(row: PharmacyShare, again: Sequence[PharmacyShare]) -> bool:
    return not row.may_be_served and row not in again


@allows(Action.MED_ALLOCATE)
@require_safe
def sharing_region_file(request: HttpRequest, pk: int, code: str, kind: str) -> HttpResponse:
    regional = regional_of(request, pk, code)
    if kind not in FORMATS:
        raise Http404
    table = pharmacy_table(regional.share_out)
    name = f"repartition-{pk}-{code}-{timezone.localdate():%Y-%m-%d}"
    rows = pharmacy_rows(regional.share_out).filter(regional=regional)
    return table_file(request, table, rows, kind=kind, name=name, about=regional)


@allows(Action.MED_ALLOCATE)
@as_shown
@require_POST
def sharing_resume(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Adjust again what was said to be done."""
    regional = regional_of(request, pk, code)
    try:
        resume(by=request.user, regional=regional)
    except SharingError as refusal:
        messages.error(request, str(refusal))
    return redirect("pui:sharing_region", pk=pk, code=code)


@allows(Action.MED_ALLOCATE_RECEIVE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def sharing_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """What a pharmacy receives and why; once there, how much came."""
    share = share_of(request, pk)
    unit = share.share_out.unit
    form = ReceptionForm(request.POST or None, unit=unit, initial=_initial(share))
    changed = ""
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        reception = Reception(typed["quantite"], typed["jour"], typed["commentaire"])
        try:
            confirm_reception(by=request.user, share=share, reception=reception, seen=typed["seen"])
        except AlreadyConfirmedError as refusal:
            changed, share = str(refusal), refusal.share
            form = ReceptionForm(unit=unit, initial=_initial(share))
        except SharingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La réception est confirmée. Merci.")
            return redirect("pui:sharing_receive", pk=pk)
    context = words_of(share.share_out) | {
        "share": share,
        "form": form,
        "changed": changed,
        "expected": quantity_of(share.quantity, share.share_out.unit),
        "reason": texts.reason_text(share),
        "formula": texts.formula_text(share),
        "above": trail(),
    }
    status = 409 if changed else 422 if form.errors else 200
    return render(request, "dispostock/sharing/receive.html", context, status=status)


def share_of(request: HttpRequest, pk: int) -> PharmacyShare:
    """Of one's own pharmacy, once published: before, it does not exist for it."""
    rows = PharmacyShare.objects.filter(share_out__published_at__isnull=False).select_related(
        "share_out__product", "share_out__reference", "pui__establishment", "confirmed_by"
    )
    found: PharmacyShare = get_in_perimeter(
        rows, request.user, to=Action.MED_ALLOCATE_RECEIVE, pk=pk
    )
    return found


def _initial(share: PharmacyShare) -> dict[str, object]:
    """The date is today's; the quantity is typed, never supposed."""
    return {
        "quantite": share.received_quantity,
        "jour": share.received_on or timezone.localdate(),
        "commentaire": share.received_comment,
        "seen": version_of(share),
    }
