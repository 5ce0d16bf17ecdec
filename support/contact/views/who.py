"""Whom to write to: read by everybody, changed by the national cell and each agency."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from establishments.access import allows, as_shown, public
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from support.contact.act_forms import MailboxForm
from support.contact.views.opening import CONTACT, person, trail
from support.contact.who import Kind, lines_of, rows_by_region
from support.models import MailboxChange
from support.services.errors import ContactError
from support.services.mailboxes import KINDS, change_mailbox, may_change

WHO = ("Qui contacter", "support:contact_who")
LATEST = 10


@public
@require_safe
def contact_who(request: HttpRequest) -> HttpResponse:
    user = person(request)
    profile = user.active_profile if user else None
    own = getattr(profile.entity, "region_id", None) if profile else None
    context = {
        "above": trail(CONTACT),
        "regional": rows_by_region(user, own),
        "national": lines_of((Kind.SPF, Kind.NATIONAL), user),
        "own_region": own,
    }
    return render(request, "support/contact/who.html", context)


@allows(Action.REF_WRITE, Action.TICKET_ANSWER)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a mailbox, or say that it is still right."""
    rows = AdministrativeBody.objects.filter(kind__in=KINDS).select_related("region")
    body = get_object_or_404(rows, pk=pk)
    if not may_change(request.user, body):
        raise PermissionDenied(
            "La cellule nationale change cette adresse, ou l’ARS pour la sienne."
        )
    form = MailboxForm(request.POST or None, initial={"boite": body.mailbox, "vue": body.mailbox})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            change_mailbox(by=request.user, body=body, mailbox=typed["boite"], seen=typed["vue"])
        except ContactError as refused:
            form.add_error("boite", str(refused))
            form.show_again(body)
        else:
            messages.success(request, f"La boîte aux lettres de {body.name} est enregistrée.")
            return redirect("support:contact_who")
    context = {
        "above": trail(CONTACT, WHO),
        "body": body,
        "form": form,
        "changes": MailboxChange.objects.filter(body=body).select_related("by")[:LATEST],
    }
    status = 422 if form.errors else 200
    return render(request, "support/contact/mailbox.html", context, status=status)
