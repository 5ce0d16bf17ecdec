"""The accounts of one's perimeter, and the page of one person."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.people.cards import account_of, cards_of
from accounts.people.forms import PeopleFilter
from accounts.people.history import changes_of, lines_about
from accounts.people.reading import readable_profiles, reads_everybody
from accounts.people.tables import HEADERS, PeopleData, PeopleTable, file_rows
from accounts.sections import DECIDE
from common.exports import csv_response, spreadsheet_response
from common.tables import show_page
from establishments.access import allows
from establishments.models.search import SHORTEST, plain_words
from establishments.perimeter import Action
from journal.services import record

PER_PAGE = 25
TITLE = "Comptes"
FORMATS = ("xlsx", "csv")


@allows(Action.ACC_READ)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Those of one's perimeter, by name; search and filters narrow them."""
    form = PeopleFilter(request.GET)
    search = form.search
    table = PeopleTable(PeopleData(request.user, search))
    show_page(request, table, per_page=PER_PAGE)
    user = request.user
    context = {
        "title": TITLE,
        "form": form,
        "table": table,
        "is_too_short": any(_is_too_short(text) for text in (search.text, search.entity)),
        "formats": FORMATS if user.may(Action.ACC_EXPORT) else (),
        "query": request.GET.urlencode(),
        "may_open": any(user.may(action) for action in DECIDE[:2]),
    }
    return render(request, "plage/people.html", context)


@allows(Action.ACC_EXPORT)
@require_safe
def people_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same people, a line for each profile; who took them is in the journal."""
    if kind not in FORMATS:
        raise Http404
    search = PeopleFilter(request.GET).search
    rows = list(file_rows(request.user, search))
    filters = {name: value for name, value in request.GET.items() if value}
    record(
        "account.accounts_exported",
        by=request.user,
        target=TITLE,
        place=getattr(request.user.active_profile, "entity", None),
        rows=len(rows),
        format=kind,
        filters=filters,
    )
    name = f"comptes-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(HEADERS, rows, filename=name)
    return spreadsheet_response(TITLE, HEADERS, rows, filename=name)


@allows(Action.ACC_READ)
@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person: their account, their profiles within reach, what happened to these."""
    found = find_person(request.user, public_id)
    cards = cards_of(found, request.user)
    profiles = [card.profile for card in cards]
    context = {
        "title": str(found),
        "above": [(TITLE, reverse("plage:people"))],
        "person": found,
        "account": account_of(found, request.user),
        "cards": cards,
        "lines": lines_about(found, profiles),
        "changes": changes_of(profiles),
        "is_oneself": found == request.user,
        "may_decide": any(request.user.may(action) for action in DECIDE),
    }
    return render(request, "plage/person.html", context)


def find_person(user: User, public_id: str) -> User:
    """Somebody with a profile within reach; the others do not exist."""
    found = User.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    if not reads_everybody(user) and not readable_profiles(user).filter(user=found).exists():
        raise Http404
    return found


def _is_too_short(text: str) -> bool:
    return bool(text) and sum(map(len, plain_words(text))) < SHORTEST
