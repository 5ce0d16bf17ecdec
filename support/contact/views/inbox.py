"""What those who answer read: the requests of their service, their file, the page of one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.exports import csv_response, spreadsheet_response
from common.home import Figure
from common.numbers import format_integer, row_number
from common.paging import ShallowPaginator
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from journal.services import record
from support.contact.acting import ACTS, Forms
from support.contact.filters import InboxFilter
from support.contact.reading import age_text, others_of, thread_of, ticket_to_answer
from support.contact.tables import FILE, INBOX
from support.contact.views.conversation import image
from support.contact.views.opening import CONTACT, trail
from support.models import CannedAnswer, Screenshot, Ticket
from support.services.errors import ContactError

PER_PAGE = 50
FORMATS = ("xlsx", "csv")
LIST = ("Demandes à traiter", "support:inbox")


@allows(Action.TICKET_ANSWER)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The most pressing first, then the oldest."""
    form = InboxFilter(request.GET, user=request.user)
    rows = form.rows().select_related("subject", "body", "opened_by", "assigned_to", "region")
    page = ShallowPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "above": trail(CONTACT),
        "form": form,
        "page": page,
        "table": INBOX,
        "lines": [INBOX.cells(row) for row in page.object_list],
        "figures": figures(request),
        "formats": FORMATS,
        "query": request.GET.urlencode(),
        "may_write_texts": request.user.may(Action.HELP_WRITE),
    }
    return render(request, "support/contact/inbox.html", context)


def figures(request: HttpRequest) -> list[Figure]:
    """Four counts, in one query."""
    now, user = timezone.now(), request.user
    waits = Q(state__in=Ticket.TO_HANDLE)
    told = (
        Ticket.objects.kept()
        .for_user(user, to=Action.TICKET_ANSWER)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=waits),
            late=Count("pk", filter=waits & Q(answered_at=None, due_at__lt=now)),
            mine=Count("pk", filter=waits & Q(assigned_to=user)),
            nobody=Count("pk", filter=waits & Q(assigned_to=None)),
        )
    )
    here = request.path
    return [
        Figure("À traiter", format_integer(told["waiting"]), url=here),
        Figure("En retard", format_integer(told["late"]), url=f"{here}?retard=on"),
        Figure("Suivies par moi", format_integer(told["mine"]), url=f"{here}?suivie=moi"),
        Figure("À prendre", format_integer(told["nobody"]), url=f"{here}?suivie=personne"),
    ]


@allows(Action.TICKET_ANSWER)
@require_safe
def inbox_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list as filtered, without a name nor a text."""
    if kind not in FORMATS:
        raise Http404
    form = InboxFilter(request.GET, user=request.user)
    rows = form.rows().select_related("subject", "body", "assigned_to", "region")
    lines = (FILE.file_row(row) for row in rows.iterator(chunk_size=1000))
    record("support.tickets_exported", by=request.user, format=kind)
    if kind == "csv":
        return csv_response(FILE.headers, lines, filename="demandes")
    return spreadsheet_response(FILE.title, FILE.headers, lines, filename="demandes")


@allows(Action.TICKET_ANSWER)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation with its notes, and each act in a form of its own."""
    found = ticket_to_answer(request.user, pk)
    shown = Forms(found, canned_asked(request))
    status = 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("acte", ""))
        if act is None:
            raise PermissionDenied("Cette action n’existe pas.")
        try:
            if done := act(request, found, shown):
                messages.success(request, done)
                return redirect(_after(request, found))
        except ContactError as refused:
            messages.error(request, str(refused))
            found = ticket_to_answer(request.user, pk)
        status = 422
    return render(request, "support/contact/inbox_ticket.html", page_of(request, found, shown),
                  status=status)  # fmt: skip


def _after(request: HttpRequest, found: Ticket) -> str:
    """Handed over, the request may be out of reach: the list then."""
    rows = Ticket.objects.kept().for_user(request.user, to=Action.TICKET_ANSWER)
    return request.path if rows.filter(pk=found.pk).exists() else LIST[1]


def canned_asked(request: HttpRequest) -> CannedAnswer | None:
    asked = row_number(request.GET.get("reponse", ""))
    return CannedAnswer.objects.filter(pk=asked, is_open=True).first() if asked else None


def page_of(request: HttpRequest, found: Ticket, shown: Forms) -> dict[str, Any]:
    canned = CannedAnswer.objects.filter(is_open=True)
    return {
        "above": trail(CONTACT, LIST),
        "thread": thread_of(found, notes=True),
        "forms": shown,
        "age": age_text(found.opened_at, timezone.now()),
        "others": others_of(found, request.user),
        "canned": canned.filter(Q(subject=None) | Q(subject=found.subject_id)),
        "is_mine": found.assigned_to_id == request.user.pk,
    }


@allows(Action.TICKET_ANSWER)
@require_safe
def inbox_screenshot(request: HttpRequest, pk: int) -> HttpResponse:
    return image(Screenshot.objects.for_user(request.user, to=Action.TICKET_ANSWER), pk)
