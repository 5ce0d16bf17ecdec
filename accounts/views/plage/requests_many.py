"""Many requests decided at once: each line is read before, then one answer for those ticked."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.decisions.filters import filter_of
from accounts.decisions.forms import AnswerForm
from accounts.decisions.inbox import Requests, inbox_of, requests_to_decide
from accounts.decisions.lines import RequestLine, read_requests, request_lines
from accounts.models import AccessRequest
from accounts.sections import DECIDE
from accounts.services.decisions import MOST, decide_many, refusals_to_accept
from accounts.services.errors import AccountError
from accounts.views.plage.requests import TITLE
from establishments.access import allows, as_shown

TICKED, READ = "demande", "relue"


@dataclass(frozen=True, slots=True)
class Preview:
    """One line: what accepting would open, or why it is decided by itself."""

    line: RequestLine
    alone: str
    is_ticked: bool


@as_shown
@allows(*DECIDE)
def request_many(request: HttpRequest) -> HttpResponse:
    """Read the lines ticked in the list, or all those that the filters show; then answer."""
    if request.method != "POST":
        return preview_page(request, chosen_by(request), AnswerForm())
    numbers = numbers_of(request.POST.getlist(TICKED))
    chosen = requests_to_decide(request.user).filter(pk__in=numbers)
    form = AnswerForm(request.POST)
    if not numbers:
        form.add_error(None, "Cochez au moins une demande.")
    if form.is_valid():
        try:
            decided = decide_many(
                chosen[: MOST + 1],
                by=request.user,
                accepted=form.accepts,
                reason=form.cleaned_data["reason"],
            )
        except AccountError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, decided, left=len(numbers) - len(decided))
            return redirect("plage:requests")
    read = numbers | numbers_of(request.POST.getlist(READ))
    shown = requests_to_decide(request.user).filter(pk__in=read)
    return preview_page(request, numbers_in(shown), form, status=422)


def chosen_by(request: HttpRequest) -> list[int]:
    """Those ticked; without any, those that the filters of the list show."""
    if TICKED in request.GET:
        numbers = numbers_of(request.GET.getlist(TICKED))
        return numbers_in(requests_to_decide(request.user).filter(pk__in=numbers))
    inbox = inbox_of(request.user)
    return filter_of(request, inbox).narrow(inbox.waiting)


def numbers_in(requests: Requests) -> list[int]:
    return list(requests.values_list("pk", flat=True)[:MOST])


def preview_page(
    request: HttpRequest, chosen: list[int], form: AnswerForm, status: int = 200
) -> HttpResponse:
    rows = read_requests(chosen[:MOST])
    alone = refusals_to_accept(rows, by=request.user)
    ticked = set(request.POST.getlist(TICKED))
    lines = [
        Preview(
            one, alone[one.request.pk], request.method != "POST" or str(one.request.pk) in ticked
        )
        for one in request_lines(rows, request.user, with_facts=True)
    ]
    context = {
        "title": "Décider de plusieurs demandes",
        "above": [(TITLE, reverse("plage:requests"))],
        "lines": [one for one in lines if not one.alone],
        "alone": [one for one in lines if one.alone],
        "most": MOST,
        "form": form,
    }
    return render(request, "plage/requests_many.html", context, status=status)


def numbers_of(values: list[str]) -> set[int]:
    """The numbers among what a form sent."""
    return {int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 10}


def tell(request: HttpRequest, decided: list[AccessRequest], *, left: int) -> None:
    """What was done, and what somebody else had done meanwhile."""
    first = [one for one in decided if one.is_open]
    if first:
        messages.success(
            request,
            f"{counted(len(first), 'accord donné', 'accords donnés')} : une autre personne de la "
            "cellule nationale doit maintenant décider.",
        )
    if closed := [one for one in decided if not one.is_open]:
        word = "acceptée" if closed[0].outcome == "accepted" else "refusée"
        said = counted(len(closed), f"demande {word}", f"demandes {word}s")
        messages.success(request, f"{said}. Un courriel part à chaque personne.")
    if left > 0:
        said = counted(left, "demande cochée n’attend plus", "demandes cochées n’attendent plus")
        messages.warning(request, f"{said} votre décision : elle n’a rien changé pour elles.")


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {many if count > 1 else one}"
