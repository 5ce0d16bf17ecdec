"""After logging in, once a session: which equipment is limited, where one works [003]."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from accounts.middleware import WITHOUT_FACTOR
from accounts.models import Profile
from establishments.perimeter import Action
from orders.tension.cards import limited
from orders.tension.words import names_of

TOLD = "tension_told"  # in the session: under which profiles it was said
SAID = "Contingentés aujourd’hui\u00a0: {names}. Commandez dans la limite {of} de la semaine."


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
    if not request.user.may(Action.ORD_WRITE):
        return
    if found := limited(request.user):
        of = "du pot commun" if profile.body_id else "de votre contingent"
        messages.info(request, SAID.format(names=names_of(found), of=of))
