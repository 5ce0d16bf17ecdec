"""Proposing somebody for a regional or national profile: the first of the two people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.decisions.forms import ProposalForm
from accounts.services.errors import AccountError
from accounts.services.proposals import propose
from accounts.views.plage.requests import TITLE
from common.french import alphabetical
from establishments.access import allows, as_shown
from establishments.models import AdministrativeBody
from establishments.perimeter import Action


@as_shown
@allows(Action.PROF_DECIDE_REG)
def proposal(request: HttpRequest) -> HttpResponse:
    """Choose the body, then the person and the habilitations; another person decides."""
    body = chosen_body(request)
    form = ProposalForm(request.POST or None, body=body) if body else None
    status = 200
    if request.method == "POST" and form and form.is_valid():
        try:
            asked = propose(
                form.cleaned_data["person"],
                body,
                form.ticked,
                by=request.user,
                note=form.cleaned_data["note"],
            )
        except AccountError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"Vous proposez {asked.profile.user} pour {body} : une autre personne de la "
                "cellule nationale doit maintenant décider.",
            )
            return redirect("plage:requests")
    if request.method == "POST":
        status = 422
    context = {
        "title": "Proposer une personne",
        "above": [(TITLE, reverse("plage:requests"))],
        "bodies": sorted(AdministrativeBody.objects.order_by(), key=alphabetical),
        "body": body,
        "form": form,
    }
    return render(request, "plage/request_proposal.html", context, status=status)


def chosen_body(request: HttpRequest) -> AdministrativeBody | None:
    """The body named in the address or sent back by the form."""
    number = request.POST.get("structure") or request.GET.get("structure") or ""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return get_object_or_404(AdministrativeBody, pk=number)
