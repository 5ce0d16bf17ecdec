"""After logging in, once a session: which equipment is limited, where one works [003]."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.middleware import WITHOUT_FACTOR
from accounts.models import Profile
from common.weeks import monday_of
from establishments.perimeter import Action
from orders.ordering.visiting import visit_of
from orders.start.reading import allowed_to
from orders.tension.cards import limited
from orders.tension.state import ItemState
from orders.tension.words import listed

TOLD = "tension_told"  # in the session: under which profiles it was said
SAID = "Contingentés, commandé sur autorisé cette semaine\u00a0: {what}."
SAID_OF_POOL = "Contingentés, commandé sur autorisé au pot commun cette semaine\u00a0: {what}."


class TensionNoticeMiddleware:
    """On the first page shown once somebody is logged in; again for another profile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        if request.user.is_authenticated and is_page(request):
            tell(request)


def is_page(request: HttpRequest) -> bool:
    """What a person looks at once inside: not a second factor, a file, nor what a page asks for."""
    if request.resolver_match.view_name in WITHOUT_FACTOR or "/fichier" in request.path:
        return False
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def tell(request: HttpRequest) -> None:
    """Once for each profile, whichever way one goes from one to another."""
    profile: Profile | None = request.user.active_profile
    told = request.session.get(TOLD, [])
    if profile is None or profile.pk in told:
        return
    request.session[TOLD] = [*told, profile.pk]
    if request.user.may(Action.ORD_WRITE) and (found := limited(request.user)):
        tell_of(request, found)


def tell_of(request: HttpRequest, found: list[ItemState]) -> None:
    """With what is left to order; nothing to who may not order under the profile in use."""
    today = timezone.localdate()
    visit = visit_of(request.user, today)
    if visit.holder is None:
        return
    allowed = allowed_to(visit.holder, found, monday_of(today))
    said = SAID_OF_POOL if visit.agency else SAID
    messages.info(request, said.format(what=listed([one.text for one in allowed])))
