"""Ask for assistance, logged in or not: the subject first, what already answers, then the form."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.core.internal.httpkit import get_client_ip
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import TooManyFailuresError
from accounts.models import User
from establishments.access import as_shown, public
from support.contact.coming_from import incident_from, page_from
from support.contact.forms import AskForm, VisitorForm
from support.contact.links import page_of_asker
from support.contact.reading import own_tickets, with_badges
from support.contact.routing import announced
from support.contact.traps import BY_PERSON, count_visitor, refusal
from support.models import Subject, Ticket
from support.models.subject import SubjectQuerySet
from support.questions.finding import similar
from support.services.errors import ContactError
from support.services.tickets import open_ticket, region_of

CARRIED = ("de", "incident", "pui", "destinataire")
CONTACT = ("Contacter l’assistance", "support:contact")
LATEST = 3
NEAR = 4


def person(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def trail(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    return [(label, reverse(name)) for label, name in pages]


def subjects_for(user: User | None) -> SubjectQuerySet:
    return Subject.objects.open() if user else Subject.objects.for_visitors()


def carried(request: HttpRequest) -> dict[str, str]:
    """What the next page needs to know: where one comes from, above all."""
    kept = {name: request.GET.get(name, "") for name in CARRIED}
    kept["incident"] = incident_from(kept["incident"])
    kept["de"] = page_from(kept["de"]) or page_before(request)
    return {name: value for name, value in kept.items() if value}


def page_before(request: HttpRequest) -> str:
    """The page of ours that led here, other than those of assistance."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host():
        return ""
    path = page_from(before.path)
    return "" if path.startswith(reverse("support:contact")) else path


@public
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """The subjects, each saying who answers; one's own requests; the other ways."""
    user = person(request)
    region = region_of(user.active_profile) if user else None
    context = {
        "subjects": [(one, announced(one.service, region)) for one in subjects_for(user)],
        "sentence": request.GET.get("objet", "")[:150],
        "carried": carried(request),
        "is_lost": "sujet" in request.GET,
        "own": with_badges(own_tickets(user)[:LATEST]) if user else [],
        "current": CONTACT[0],
    }
    return render(request, "support/contact/start.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    """The form of a subject, under the profile it was shown with; a visitor has none."""
    return (as_shown(ask) if person(request) else ask)(request)


def ask(request: HttpRequest) -> HttpResponse:
    """Nothing typed is lost when it is refused."""
    user = person(request)
    asked = request.POST.get("sujet") or request.GET.get("sujet", "")
    subject = subjects_for(user).filter(slug=asked).first()
    if subject is None:
        return redirect(f"{reverse('support:contact')}?{request.GET.urlencode() or 'sujet='}")
    form = form_for(request, user, subject)
    status = 200
    if request.method == "POST":
        ticket, status = opened(request, user, form) if form.is_valid() else (None, 422)
        if ticket:
            return received(request, ticket)
    context = {
        "above": trail(CONTACT),
        "subject": subject,
        "route": announced(subject.service, region_of(user.active_profile) if user else None),
        "form": form,
        "similar": similar(f"{form['objet'].value() or ''} {subject.label}", NEAR),
        "profile": user.active_profile if user else None,
        "page": form["de"].value(),
        "incident": form["incident"].value(),
        "back": urlencode({"objet": form["objet"].value() or "", **carried(request)}),
    }
    return render(request, "support/contact/new.html", context, status=status)


def form_for(request: HttpRequest, user: User | None, subject: Subject) -> AskForm:
    known: dict[str, Any] = {"objet": request.GET.get("objet", "")[:150], **carried(request)}
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if user is None:
        return VisitorForm(data, files, subject=subject, initial=known)
    profile = user.active_profile
    known["telephone"] = (profile.phone if profile else "") or user.phone
    return AskForm(data, files, subject=subject, user=user, initial=known)


def opened(request: HttpRequest, user: User | None, form: AskForm) -> tuple[Ticket | None, int]:
    """The request, or why not and the status of the page."""
    try:
        asker = form.asker() if isinstance(form, VisitorForm) else None
        if asker:
            count_visitor(get_client_ip(request), asker.email)
        else:
            BY_PERSON.begin(f"account {user.pk if user else ''}")
        token = form.cleaned_data["jeton"]
        return open_ticket(by=user, asked=form.asked(), token=token, asker=asker), 200
    except TooManyFailuresError as full:
        form.add_error(None, refusal(full))
        return None, 429
    except ContactError as refused:
        form.add_error(None, str(refused))
        return None, 422


def received(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    messages.success(
        request,
        f"Votre demande est envoyée. Gardez son numéro\u00a0: {ticket.number}. Un courriel vous le "
        "rappelle.",
    )
    return redirect(page_of_asker(ticket))
