"""The page of a request for who asked: logged in, or by the link that only they have."""

from collections.abc import Callable

from allauth.core.internal.httpkit import get_client_ip
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import FailureLimit, TooManyFailuresError
from accounts.models import User
from common.numbers import row_number
from common.photos import photo_response
from establishments.access import as_shown, everyone, public
from support.contact.filters import NUMBER
from support.contact.forms import MessageForm
from support.contact.letters import tell_link
from support.contact.links import LASTS_DAYS, page_of_asker, unsealed
from support.contact.reading import KINDS, State, own_ticket, thread_of
from support.contact.traps import BY_MAILBOX, BY_TICKET, refusal
from support.contact.views.opening import CONTACT, trail
from support.models import Screenshot, Ticket, TicketMessage
from support.services.conversation import Message, write_again
from support.services.errors import ContactError
from support.services.settling import rate, reopen, resolve

PER_PAGE = 25
LINKS_BY_ADDRESS = FailureLimit("contact_links", ((10, 600), (60, 24 * 3600)))
NOTE = TicketMessage.Kind.NOTE
OWN = ("Mes demandes", "support:tickets")


@everyone
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """All of one's own requests, the last message first."""
    rows = Ticket.objects.own(request.user).select_related("subject", "body")
    page = Paginator(rows.order_by("-told_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "above": trail(CONTACT),
        "page": page,
        "rows": [(one, KINDS[State(one.state)]) for one in page.object_list],
    }
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
        return render(request, "support/contact/link_over.html", _asking(LinkForm()), status=404)
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


class LinkForm(forms.Form):
    """Who lost the link gives the number and the address; nobody is told whether they match."""

    numero = forms.CharField(
        label="Numéro de la demande",
        help_text="Il commence par AS-, il est dans le courriel que vous avez reçu.",
        max_length=20,
        error_messages={"required": "Donnez le numéro de la demande."},
    )
    courriel = forms.EmailField(
        label="Adresse donnée dans la demande",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Donnez l’adresse électronique de la demande."},
    )


def _asking(form: forms.Form) -> dict[str, object]:
    return {"above": trail(CONTACT), "form": form, "days": LASTS_DAYS}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Send the link again, to the address of the request alone; the answer is always the same."""
    form = LinkForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and send_link(request, form):
            messages.success(
                request,
                "Si ce numéro et cette adresse vont ensemble, un courriel vient de partir avec le "
                "lien. Regardez aussi parmi les indésirables.",
            )
            return redirect("support:contact_follow")
        status = 422
    return render(request, "support/contact/follow.html", _asking(form), status=status)


def send_link(request: HttpRequest, form: forms.Form) -> bool:
    typed = form.cleaned_data
    try:
        LINKS_BY_ADDRESS.begin(get_client_ip(request))
        BY_MAILBOX.begin(f"link {typed['courriel'].lower()}")
    except TooManyFailuresError as full:
        form.add_error(None, str(full).replace("essais manqués", "demandes"))
        return False
    number = NUMBER.fullmatch(typed["numero"].replace(" ", ""))
    rows = Ticket.objects.kept().filter(opened_by=None, email__iexact=typed["courriel"])
    found = rows.filter(pk=int(number[1])).select_related("subject").first() if number else None
    if found:
        tell_link(found)
    return True


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
