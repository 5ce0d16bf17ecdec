"""« Messages »: those one receives, one of them opened, taken into account, its files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from common.markup import render as render_text
from establishments.access import as_shown, everyone
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from steering.messages.forms import ReceivedFilter
from steering.messages.naming import recipients_of
from steering.messages.reading import (
    PUBLISHED,
    Concern,
    open_message,
    readers_of,
    received_by,
    received_messages,
)
from steering.messages.sentences import days_sentence
from steering.models import Message, MessageFile
from steering.services.message_readings import acknowledge, note_reading
from steering.services.message_rules import MessageError

PER_PAGE = 20
LIST = ("Messages", "steering:messages")
TYPES = {
    MessageFile.Kind.PDF: "application/pdf",
    MessageFile.Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    MessageFile.Kind.DOCX: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    MessageFile.Kind.JPEG: "image/jpeg",
}


def trail(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    """The pages above one of the messages."""
    return [(label, reverse(name)) for label, name in (LIST, *pages)]


@everyone
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Those of the profile in use, the last first."""
    today = timezone.localdate()
    everything = received_by(request.user)
    form = ReceivedFilter(
        request.GET,
        senders=AdministrativeBody.objects.filter(pk__in=everything.order_by().values("sender")),
        years=years_of(everything),
    )
    page = Paginator(_asked(request, form), PER_PAGE).get_page(request.GET.get("page"))
    concern = Concern(request.user.active_profile)
    context = {
        "form": form,
        "page": page,
        "rows": [
            (one, concern.sentence(one), days_sentence(one, today)) for one in page.object_list
        ],
        "is_filtered": any(value for name, value in request.GET.items() if name != "page"),
        "may_write": request.user.may(Action.MSG_SEND),
        "today": today,
        "has_profile": bool(readers_of(request.user)),
    }
    return render(request, "steering/messages/list.html", context)


def years_of(rows):
    found = rows.order_by().annotate(year=ExtractYear("sent_at")).values_list("year", flat=True)
    return sorted(set(found), reverse=True)


def _asked(request: HttpRequest, form: ReceivedFilter):
    chosen = form.chosen()
    rows = received_messages(request.user, chosen.get("etat", ""), timezone.localdate())
    if text := chosen.get("recherche"):
        rows = rows.search(text)
    if nature := chosen.get("nature"):
        rows = rows.filter(nature=nature)
    if sender := chosen.get("expediteur"):
        rows = rows.filter(sender=sender)
    if year := chosen.get("annee"):
        rows = rows.filter(sent_at__year=year)
    return rows.prefetch_related(PUBLISHED)


@everyone
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening is reading: the receipt is written here, once, unless a browser fetches ahead."""
    opened = open_message(request.user, pk)
    if opened.profiles and request.method == "GET" and "Sec-Purpose" not in request.headers:
        note_reading(by=request.user, message=opened.message, profiles=opened.profiles)
    return render(request, "steering/messages/message.html", page_of(request, opened))


def page_of(request: HttpRequest, opened) -> dict:
    found = opened.message
    return {
        "above": trail(),
        "opened": opened,
        "message": found,
        "is_hidden": opened.is_hidden,
        "text": render_text(found.body),
        "recipients": recipients_of(found),
        "files": () if opened.is_hidden else found.files.told(),
        "days": days_sentence(found),
        "concern": ""
        if opened.is_of_another or opened.is_hidden
        else Concern(opened.profile).sentence(found),
        "is_late": bool(found.due_on and found.due_on < timezone.localdate()),
    }


@everyone
@as_shown
@require_POST
def message_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """« Pris en compte », under the profile in use."""
    opened = open_message(request.user, pk)
    try:
        acknowledge(by=request.user, message=opened.message)
    except MessageError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est noté\u00a0: vous en tenez compte.")
    return redirect("steering:message", pk=pk)


@everyone
@require_safe
def message_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A file, to whoever writes its message, or reads it as long as it is not withdrawn."""
    own = Message.objects.for_user(request.user, to=Action.MSG_SEND).filter(pk=pk)
    if not own.exists() and open_message(request.user, pk).is_hidden:
        raise Http404
    found = get_object_or_404(MessageFile, message=pk, pk=number)
    response = HttpResponse(bytes(found.content), content_type=TYPES[found.kind])
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
