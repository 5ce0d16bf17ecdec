"""The link of a visitor’s request, asked again by who lost it."""

from allauth.core.internal.httpkit import get_client_ip
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.limits import FailureLimit, TooManyFailuresError
from establishments.access import public
from support.contact.filters import NUMBER
from support.contact.forms import LinkForm
from support.contact.letters import tell_link
from support.contact.links import LASTS_DAYS
from support.contact.traps import BY_MAILBOX
from support.contact.views.opening import CONTACT, trail
from support.models import Ticket

LINKS_BY_ADDRESS = FailureLimit("contact_links", ((10, 600), (60, 24 * 3600)))


def asking(form: forms.Form) -> dict[str, object]:
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
    return render(request, "support/contact/follow.html", asking(form), status=status)


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
