"""The page of a request for who asked: logged in, or by the link that only they have."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import TooManyFailuresError
from accounts.models import User
from common.numbers import row_number
from common.photos import photo_response
from establishments.access import as_shown, everyone, public
from support.contact.forms import LinkForm, MessageForm
from support.contact.links import page_of_asker, unsealed
from support.contact.reading import own_ticket, own_tickets, thread_of, with_badges
from support.contact.traps import BY_TICKET, refusal
from support.contact.views.link import asking
from support.contact.views.opening import CONTACT, trail
from support.models import Screenshot, Ticket, TicketMessage
from support.services.conversation import Message, write_again
from support.services.errors import ContactError
from support.services.settling import rate, reopen, resolve

PER_PAGE = 25
NOTE = TicketMessage.Kind.NOTE
OWN = ("Mes demandes", "support:tickets")


@everyone
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """All of one's own requests, the last message first."""
    page = Paginator(own_tickets(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"above": trail(CONTACT), "page": page, "rows": with_badges(page.object_list)}
    return render(request, "support/contact/tickets.html", context)


@everyone
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation, and what is left to do."""
    return conversation(request, own_ticket(request.user, pk), request.user)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def followed(request: HttpRequest, signed: str) -> HttpResponse:
    """The same for a visitor; a link that is over says how to have another."""
    found = unsealed(signed)
    if found is None:
        return render(request, "support/contact/link_over.html", asking(LinkForm()), status=404)
    response = conversation(request, found, None, signed=signed)
    response["X-Robots-Tag"] = "noindex"
    return response


def conversation(
    request: HttpRequest, found: Ticket, by: User | None, *, signed: str = ""
) -> HttpResponse:
    """Read, write again, say that it is settled or not, in the same page."""
    form = MessageForm()
    status = 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("acte", ""), write_from)
        form = MessageForm(request.POST, request.FILES) if act is write_from else form
        try:
            if act(request, found, by, form):
                return redirect(page_of_asker(found) if by else request.path)
        except ContactError as refused:
            messages.error(request, str(refused))
            found.refresh_from_db()
        status = 422
    context = {
        "above": trail(CONTACT, OWN) if by else trail(CONTACT),
        "thread": thread_of(found),
        "form": form,
        "signed": signed,
        "ratings": Ticket.Rating.choices,
    }
    return render(request, "support/contact/ticket.html", context, status=status)


def write_from(request: HttpRequest, found: Ticket, by: User | None, form: forms.Form) -> bool:
    if not form.is_valid():
        return False
    typed = form.cleaned_data
    message = Message(typed["message"], typed["jeton"], typed["captures"])
    try:
        BY_TICKET.begin(f"ticket {found.pk}")
        write_again(by=by, ticket=found, message=message)
    except TooManyFailuresError as full:
        form.add_error(None, refusal(full))
        return False
    except ContactError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, "Votre message est envoyé.")
    return True


def resolve_from(request: HttpRequest, found: Ticket, by: User | None, form: forms.Form) -> bool:
    resolve(by=by, ticket=found)
    messages.success(request, "Merci. Vous pouvez rouvrir la demande pendant 14\u00a0jours.")
    return True


def reopen_from(request: HttpRequest, found: Ticket, by: User | None, form: forms.Form) -> bool:
    reopen(by=by, ticket=found)
    messages.success(request, "La demande est rouverte\u00a0: dites ce qui manque encore.")
    return True


def rate_from(request: HttpRequest, found: Ticket, by: User | None, form: forms.Form) -> bool:
    rate(by=by, ticket=found, rating=row_number(request.POST.get("note", "")))
    messages.success(request, "Merci de votre avis.")
    return True


Act = Callable[[HttpRequest, Ticket, User | None, forms.Form], bool]
ACTS: dict[str, Act] = {"regler": resolve_from, "rouvrir": reopen_from, "avis": rate_from}


@everyone
@require_safe
def screenshot(request: HttpRequest, pk: int) -> HttpResponse:
    """For who asked; those who answer have it on their own page."""
    rows = Screenshot.objects.filter(message__ticket__in=Ticket.objects.own(request.user))
    return image(rows.exclude(message__kind=NOTE), pk)


@public
@never_cache
@require_safe
def followed_screenshot(request: HttpRequest, signed: str, pk: int) -> HttpResponse:
    found = unsealed(signed)
    if found is None:
        raise Http404
    rows = Screenshot.objects.filter(message__ticket=found)
    return image(rows.exclude(message__kind=NOTE), pk)


def image(rows: QuerySet[Screenshot], pk: int) -> HttpResponse:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return photo_response(found.content, f"capture-{found.pk}")
