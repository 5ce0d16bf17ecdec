"""The page of a pharmacy: what to order, what came, for each of its recipients."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from establishments.perimeter import Action
from vaccines.models import SupplyLine
from vaccines.needs.contacts import contacts_of
from vaccines.needs.filters import SupplyFilter
from vaccines.needs.posting import Posted, keep_refused, save_posted
from vaccines.needs.reading import RELATED, blocks_of, lines_of
from vaccines.needs.reporting import pharmacies_of, reports_of, supplied_among
from vaccines.needs.summary import summary_of
from vaccines.waves.reach import operates

PER_PAGE = 10  # recipients


def own(request: HttpRequest) -> HttpResponse:
    """All that is typed on it is saved at once; what is refused stays, with its sentence."""
    now, user, posted = timezone.now(), request.user, None
    if request.method == "POST":
        posted = save_posted(user, request.POST, now)
        _say(request, posted)
        if not posted.refused:
            return redirect(request.get_full_path())
    lines = lines_of(user)
    form = SupplyFilter(request.GET, lines=lines)
    page, found = _page(request, form, now, posted)
    blocks = blocks_of(user, found, now)
    if posted:
        keep_refused(blocks, posted)
    puis = pharmacies_of(user)
    supplied = supplied_among(puis, lines)
    context = {
        "form": form,
        "page": page,
        "blocks": blocks,
        "has_forms": any(row.has_form for block in blocks for row in block.rows),
        "has_lines": bool(blocks) or lines.exists(),
        "supplied": supplied,
        "are_folded_open": bool(form["etat"].data),
        "summary": summary_of(lines, now),
        "posted": posted,
        "puis": puis,
        "contacts": contacts_of(user, puis),
        "reports": reports_of(user)[:5],
        "may_report": user.may(Action.VAC_REPORT),
        "delivers": operates(user),
        "today": timezone.localdate(now),
    }
    status = 422 if posted else 200
    return render(request, "vaccines/supply.html", context, status=status)


def _say(request: HttpRequest, posted: Posted) -> None:
    if posted.gone:
        messages.error(
            request,
            "Une ligne n’est plus de votre PUI\u00a0: votre ARS ou votre OMEDIT l’a déplacée "
            "pendant votre saisie, qui n’a pas été enregistrée.",
        )
    if posted.saved or not posted.refused:
        messages.success(request, posted.text)


def _page(
    request: HttpRequest, form: SupplyFilter, now: datetime, posted: Posted | None
) -> tuple[Page, list[SupplyLine]]:
    """The lines of the recipients of one page, with those that each recalls, read just below."""
    lines, asked = lines_of(request.user), form.condition(now)
    recipients = lines.filter(asked).order_by("recipient__name", "recipient")
    pks = recipients.values_list("recipient", flat=True).distinct()
    page = Paginator(pks, PER_PAGE).get_page(request.GET.get("page"))
    matching = lines.filter(asked, recipient__in=list(page))
    shown = set(matching.values_list("pk", "recalled"))
    wanted = {pk for pair in shown for pk in pair if pk} | (posted.refused if posted else set())
    return page, list(lines.filter(pk__in=wanted).select_related(*RELATED))
