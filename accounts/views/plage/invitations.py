"""Invitations of one's perimeter: the list, one of them, and what one does of it."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Invitation
from accounts.services.invitations import cancel_invitation, confirm_invitation, resend
from accounts.tables.invitations import InvitationFilter, InvitationTable, with_steps
from accounts.views.profiles import return_address
from accounts.views.telling import telling
from common.tables import show_page
from establishments.access import allows, as_shown
from establishments.perimeter import Action

PER_PAGE = 25
PEOPLE = ("invited_by", "confirmed_by", "accepted_by")


def invitations_of(request):
    rows = Invitation.objects.for_user(request.user, to=Action.ACC_INVITE)
    return rows.with_entity().select_related(*PEOPLE)


@allows(Action.ACC_INVITE)
@require_safe
def invitation_list(request):
    """The latest first, with where each stands and the one thing to do of it."""
    chosen = InvitationFilter(request.GET, queryset=invitations_of(request))
    table = InvitationTable(chosen.qs, by=request.user)
    show_page(request, table, per_page=PER_PAGE)
    context = {
        "title": "Invitations",
        "filter": chosen,
        "table": table,
        "may_send_files": request.user.may(Action.PROF_DECIDE_ETAB),
    }
    return render(request, "plage/invitations/list.html", context)


@allows(Action.ACC_INVITE)
@require_safe
def invitation_detail(request, pk):
    """All of one invitation, and every act."""
    invitation = with_steps(reached(request, pk), request.user)
    context = {
        "title": f"Invitation pour {invitation.email}",
        "above": [("Invitations", reverse("plage:invitations"))],
        "invitation": invitation,
    }
    return render(request, "plage/invitations/detail.html", context)


@require_POST
@as_shown
@allows(Action.ACC_INVITE)
def invitation_resend(request, pk):
    return act(request, pk, resend, "Un nouveau lien part pour {0}. Le précédent ne sert plus.")


@require_POST
@as_shown
@allows(Action.ACC_INVITE)
def invitation_cancel(request, pk):
    return act(request, pk, cancel_invitation, "L’invitation pour {0} est annulée.")


@require_POST
@as_shown
@allows(Action.ACC_INVITE)
def invitation_confirm(request, pk):
    return act(request, pk, confirm_invitation, "L’invitation est confirmée et part pour {0}.")


def act(request, pk, service, done):
    """Do it, say it, and come back to the page where the button was."""
    invitation = reached(request, pk)
    with telling(request, done.format(invitation.email)):
        service(invitation, by=request.user)
    came_from = return_address(request, request.POST.get("next"))
    return redirect(came_from or "plage:invitations")


def reached(request, pk):
    invitation = invitations_of(request).filter(pk=pk).first()
    if invitation is None:
        raise Http404
    return invitation
