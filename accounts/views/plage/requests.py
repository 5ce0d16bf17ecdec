"""The requests to decide: the list, the open one beside it, the answer."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.decisions.filters import RequestFilter, asks_for_open, filter_of, latest_places
from accounts.decisions.forms import DecisionForm
from accounts.decisions.inbox import inbox_of, requests_in_reach
from accounts.decisions.lines import RELATED, RequestLine, request_lines, with_place
from accounts.decisions.tables import (
    ClosedLines,
    ClosedTable,
    FollowedTable,
    OpenLines,
    Shown,
    WaitingTable,
)
from accounts.models import AccessRequest, Profile
from accounts.sections import DECIDE
from accounts.services.decisions import DecidedMeanwhileError, decide, told_closed
from accounts.services.errors import AccountError
from accounts.services.proposals import withdraw_agreement
from common.french import of
from common.tables import show_page
from establishments.access import allows, as_shown
from establishments.perimeter import Action

TITLE = "Demandes de profil"


@dataclass(frozen=True, slots=True)
class Panel:
    """The open request: its line, and the form when it is this person's to decide."""

    line: RequestLine
    form: DecisionForm | None
    other_profiles: int


@allows(*DECIDE)
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """Those to decide, the oldest first, open beside; below, those that others decide."""
    context = list_context(request)
    lines = context["table"].page.object_list.data
    if context["is_open"] and lines:
        context["table"].marked = lines[0].request
        first = replace(lines[0], request=with_place(lines[0].request), may_decide=True)
        context["panel"] = panel_with(request, first)
    return render(request, "plage/requests.html", context)


@as_shown
@allows(*DECIDE)
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, and its answer; out of reach it does not exist."""
    asked = find_request(request, pk)
    if request.method != "POST":
        return detail_page(request, asked)
    if not asked.is_open:
        return closed_page(request, asked, told_closed(asked))
    panel = panel_of(request, asked)
    if panel.form is None:
        raise PermissionDenied(f"Cette demande ne dépend pas de vous. {panel.line.who}")
    form = DecisionForm(request.POST, request=asked, user=request.user)
    if form.is_valid():
        try:
            decided = decide(asked, by=request.user, **form.answer)
        except DecidedMeanwhileError as refusal:
            return closed_page(request, find_request(request, pk), str(refusal))
        except AccountError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, told(decided))
            return redirect(f"{reverse('plage:requests')}{query_of(request)}")
    return detail_page(request, asked, form, status=422)


@as_shown
@allows(Action.PROF_DECIDE_REG)
@require_POST
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's first agreement, or one's proposal."""
    asked = find_request(request, pk)
    try:
        withdrawn = withdraw_agreement(asked, by=request.user)
    except AccountError as refusal:
        messages.error(request, str(refusal))
    else:
        what = "Votre accord est retiré" if withdrawn.is_open else "Votre proposition est retirée"
        messages.success(request, f"{what} : {asked.profile.user}, {asked.profile.entity}.")
    return redirect("plage:requests")


def find_request(request: HttpRequest, pk: int) -> AccessRequest:
    """The request with all that its panel shows, when it is in reach."""
    rows = requests_in_reach(request.user).select_related(*RELATED)
    found = rows.prefetch_related("habilitations").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def detail_page(
    request: HttpRequest, asked: AccessRequest, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    context = list_context(request, opened=asked)
    context["panel"] = panel_of(request, asked, form)
    return render(request, "plage/requests.html", context, status=status)


def closed_page(request: HttpRequest, asked: AccessRequest, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return detail_page(request, asked, status=409)


def panel_of(request: HttpRequest, asked: AccessRequest, form: DecisionForm | None = None) -> Panel:
    (line,) = request_lines([asked], request.user, with_facts=True, with_deciders=True)
    return panel_with(request, line, form)


def panel_with(request: HttpRequest, line: RequestLine, form: DecisionForm | None = None) -> Panel:
    asked = line.request
    others = Profile.objects.filter(user=asked.profile.user_id, state__in=Profile.LIVING)
    if line.may_decide and form is None:
        form = DecisionForm(request=asked, user=request.user)
    return Panel(line, form, others.exclude(pk=asked.profile_id).count())


def list_context(request: HttpRequest, opened: AccessRequest | None = None) -> dict:
    """The filters, the lists they narrow, and where one is."""
    is_open = asks_for_open(request.GET)
    context = {
        "title": f"Demande {of(opened.profile.user)}" if opened else TITLE,
        "above": [(TITLE, reverse("plage:requests"))] if opened else [],
        "query": query_of(request),
        "opened": opened,
        "is_open": is_open,
        "may_propose": request.user.may(Action.PROF_DECIDE_REG),
    }
    return context | (open_lists(request, opened) if is_open else closed_list(request, opened))


def open_lists(request: HttpRequest, opened: AccessRequest | None) -> dict:
    """Those that wait for this person, and those that others decide."""
    user = request.user
    inbox, shown = inbox_of(user), Shown()
    narrowing = filter_of(request, inbox)
    waiting = OpenLines(narrowing.narrow(inbox.waiting), user, shown, with_facts=True)
    who = {"with_deciders": True, "decidable": inbox.decidable}
    followed = OpenLines(narrowing.narrow(inbox.followed), user, shown, **who)
    table = configured(request, WaitingTable, waiting, opened)
    below = configured(request, FollowedTable, followed, opened)
    table.attrs["note"] = note_of(below.paginator.count)
    return {"filter": narrowing, "table": table, "followed": below}


def closed_list(request: HttpRequest, opened: AccessRequest | None) -> dict:
    """Those that somebody decided, or all."""
    reach = requests_in_reach(request.user)
    found = RequestFilter(request.GET, reach, places=latest_places(reach))
    lines = ClosedLines(found.qs, request.user)
    return {"filter": found, "table": configured(request, ClosedTable, lines, opened)}


def configured(request, table_class, lines, opened):
    """A table of these lines, on the page asked for."""
    table = table_class(lines, opened=opened, query=query_of(request))
    show_page(request, table, per_page=table_class.per_page)
    table.attrs["caption"] = f"{table.attrs['caption']} : {table.paginator.count}"
    return table


def note_of(count: int) -> str:
    """How the list is sorted, and how many are below."""
    if not count:
        return "La plus ancienne d’abord."
    if count == 1:
        return "La plus ancienne d’abord. Une autre, plus bas, revient à d’autres."
    return f"La plus ancienne d’abord. {count} autres, plus bas, reviennent à d’autres."


def query_of(request: HttpRequest) -> str:
    """The filters, to keep them from a page to the next."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def told(decided: AccessRequest) -> str:
    """What has just been done, in a sentence."""
    profile = decided.profile
    if decided.is_open:
        return (
            f"Votre accord pour {profile.user} est donné : une autre personne de la cellule "
            "nationale doit maintenant décider."
        )
    if decided.outcome == AccessRequest.Outcome.ACCEPTED:
        return (
            f"La demande {of(profile.user)} est acceptée : l’accès à {profile.entity} s’ouvre à "
            "son prochain clic. Un courriel lui est envoyé."
        )
    return f"La demande {of(profile.user)} est refusée. Un courriel lui dit pourquoi."
