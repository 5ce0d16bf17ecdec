"""After logging in, once a session: which equipment is limited, where one works [003]."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from establishments.perimeter import Action
from orders.tension.cards import limited_names
from orders.tension.words import listed

TOLD = "tension_told"  # in the session: under which profile it was said
SAID = (
    "Contingentés aujourd’hui\u00a0: {names}. Commandez dans la limite de votre contingent de la "
    "semaine."
)


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
    """What a person looks at: not what a page asks for by itself, nor a file."""
    asked = request.headers.get("Accept", "")
    return request.method == "GET" and "text/html" in asked and "/fichier" not in request.path


def tell(request: HttpRequest) -> None:
    profile = request.user.active_profile
    if profile is None or request.session.get(TOLD) == profile.pk:
        return
    request.session[TOLD] = profile.pk
    if not request.user.may(Action.ORD_WRITE):
        return
    if names := limited_names(request.user):
        messages.info(request, SAID.format(names=listed(names)))
