"""« Répartition »: the list for each role, the opening, the page of the national cell."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from pui.models import ShareOut
from pui.services.publishing import cancel, not_done, publish
from pui.services.sharing import ProposalChangedError, SharingError, open_share_out
from pui.sharing import texts
from pui.sharing.board import pharmacy_rows, received_by, region_rows, regional_of
from pui.sharing.forms import CancelForm, MedicineField, OpeningForm
from pui.sharing.lists import national_table, received_table, regional_table
from pui.sharing.proposal import Proposal, propose
from pui.sharing.tables import pharmacy_table, region_table
from pui.views.sharing_context import (
    FORMATS,
    is_national,
    require_national,
    share_out_of,
    table_file,
    trail,
    words_of,
)

PER_PAGE = 25
MOST_SHOWN = 20  # pharmacies of a proposal, the largest quantities


@allows(Action.MED_ALLOCATE, Action.MED_ALLOCATE_RECEIVE)
@require_safe
def sharing(request: HttpRequest) -> HttpResponse:
    """The country's share-outs, those of one's region, or what one's pharmacies receive."""
    user = request.user
    if is_national(user):
        rows, table, who = ShareOut.objects.for_list(), national_table(), "country"
    elif user.may(Action.MED_ALLOCATE):
        rows, table, who = regional_of(user), regional_table(), "region"
    else:
        rows, table, who = received_by(user), received_table(), "pharmacy"
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "who": who,
        "table": table,
        "page": page,
        "lines": [table.cells(one) for one in page.object_list],
    }
    return render(request, "dispostock/sharing/list.html", context)


@allows(Action.MED_ALLOCATE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def sharing_new(request: HttpRequest) -> HttpResponse:
    """Type, read the proposal, open it: nothing is written before."""
    require_national(request)
    form = OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "ouvrir" in request.POST:
            return opened(request, form)
        if "corriger" not in request.POST:
            return proposal_page(request, form, proposal_of(form))
    context = {"form": form, "names": MedicineField.names(), "above": trail()}
    status = 422 if form.errors else 200
    return render(request, "dispostock/sharing/new.html", context, status=status)


def proposal_of(form: OpeningForm) -> Proposal:
    asked = form.opening()
    return propose(asked.medicine, asked.quantity, asked.pack, timezone.now())


def opened(request: HttpRequest, form: OpeningForm) -> HttpResponse:
    try:
        share_out = open_share_out(
            by=request.user, opening=form.opening(), seen=form.cleaned_data["seen"]
        )
    except ProposalChangedError as refusal:
        return proposal_page(request, form, refusal.proposal, changed=str(refusal))
    except SharingError as refusal:
        return proposal_page(request, form, proposal_of(form), refused=str(refusal))
    messages.success(request, "La répartition est ouverte\u00a0: chaque ARS ajuste la sienne.")
    return redirect("pui:sharing_detail", pk=share_out.pk)


def proposal_page(
    request: HttpRequest,
    form: OpeningForm,
    proposal: Proposal,
    changed: str = "",
    refused: str = "",
) -> HttpResponse:
    typed = {name: form.data.get(name, "") for name in form.fields if name != "seen"}
    context: dict[str, Any] = {
        "proposal": proposal,
        "opening": form.opening(),
        "served": [(one, proposal.given(one)) for one in proposal.served[:MOST_SHOWN]],
        "most_shown": MOST_SHOWN,
        "hidden": [*typed.items(), ("seen", proposal.mark)],
        "changed": changed,
        "refused": refused,
        "above": trail(),
    }
    status = 409 if changed else 422 if refused else 200
    return render(request, "dispostock/sharing/proposal.html", context, status=status)


@allows(Action.MED_ALLOCATE)
@require_safe
def sharing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """For the national cell, the regions; an agency is led to its own."""
    share_out = share_out_of(request, pk)
    if not is_national(request.user):
        mine = regional_of(request.user).filter(share_out=share_out)[0]
        return redirect("pui:sharing_region", pk=pk, code=mine.region_id)
    rows = region_rows(share_out)
    table = region_table(share_out)
    given = sum(one.given for one in rows)
    context = words_of(share_out) | {
        "rows": rows,
        "table": table,
        "lines": [table.cells(one) for one in rows],
        "given": given,
        "left": texts.left_text(share_out.quantity - given, share_out.unit),
        "served": sum(one.served for one in rows),
        "blocked": sum(one.blocked for one in rows),
        "confirmed": sum(one.confirmed for one in rows),
        "waited": not_done(share_out) if share_out.is_adjusting else [],
        "acts": texts.acts_of(share_out),
        "is_cancellable": not share_out.is_cancelled and not any(one.confirmed for one in rows),
    }
    return render(request, "dispostock/sharing/detail.html", context)


@allows(Action.MED_ALLOCATE)
@require_safe
def sharing_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """All the pharmacies of the country, region by region."""
    require_national(request)
    share_out = share_out_of(request, pk)
    if kind not in FORMATS:
        raise Http404
    table = pharmacy_table(share_out, with_region=True)
    name = f"repartition-{share_out.pk}-{timezone.localdate():%Y-%m-%d}"
    rows = pharmacy_rows(share_out)
    return table_file(request, table, rows, kind=kind, name=name, about=share_out)


@allows(Action.MED_ALLOCATE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def sharing_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what will be published, and which agencies have not finished; then publish."""
    require_national(request)
    share_out = share_out_of(request, pk)
    if request.method == "POST":
        try:
            publish(by=request.user, share_out=share_out)
        except SharingError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "La répartition est publiée\u00a0: les PUI sont prévenues.")
        return redirect("pui:sharing_detail", pk=pk)
    rows = region_rows(share_out)
    given = sum(one.given for one in rows)
    context = words_of(share_out) | {
        "waited": not_done(share_out),
        "given": given,
        "served": sum(one.served for one in rows),
        "left": texts.left_text(share_out.quantity - given, share_out.unit),
    }
    return render(request, "dispostock/sharing/publish.html", context)


@allows(Action.MED_ALLOCATE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def sharing_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    require_national(request)
    share_out = share_out_of(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel(by=request.user, share_out=share_out, reason=form.cleaned_data["reason"])
        except SharingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La répartition est annulée.")
            return redirect("pui:sharing_detail", pk=pk)
    context = words_of(share_out) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "dispostock/sharing/cancel.html", context, status=status)
