"""Each route declares who may use it; a route that does not fails the build.

``@public`` opens a page to visitors, ``@machine`` to programs with a token, ``@everyone`` to
whoever is logged in, ``@allows(Action.X)`` to those who hold at least one of the actions somewhere.
Where exactly is decided by the querysets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import pghistory
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from establishments.perimeter import Action

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """Who a route is for: visitors, machines, anybody logged in, or the holders of some actions."""

    is_public: bool = False
    actions: tuple[Action, ...] = ()
    is_machine: bool = False


def public(view: View) -> View:
    """Open to visitors."""
    opened = login_not_required(view)
    opened.access = RouteAccess(is_public=True)  # type: ignore[attr-defined]
    return opened


def machine(view: View) -> View:
    """Open to programs, which show a token or a secret of their own: without it, 401 or 400."""
    opened = login_not_required(view)
    opened.access = RouteAccess(is_machine=True)  # type: ignore[attr-defined]
    return opened


def everyone(view: View) -> View:
    """Open to whoever is logged in, with or without a profile."""
    view.access = RouteAccess()  # type: ignore[attr-defined]
    return view


def allows(*actions: Action) -> Callable[[View], View]:
    """Open to whoever may do one of ``actions`` somewhere; others get 403 with a sentence."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.user.may(action) for action in actions):
                raise PermissionDenied(refusal(actions[0]))
            return view(request, *args, **kwargs)

        guarded.access = RouteAccess(actions=actions)  # type: ignore[attr-defined]
        return guarded

    return decorate


def as_shown(view: View) -> View:
    """Take a form back under the profile it was shown under, while the person still holds it.

    Another window may have chosen another one since: rights, journal and history are the form's.
    A profile that ended leaves the one in use, whose rights are checked as usual.
    """

    @wraps(view)
    def taken_back(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        held = {str(profile.pk): profile.pk for profile in request.user.usable_profiles}
        shown = held.get(request.POST.get("profile", ""))
        if shown is None:
            return view(request, *args, **kwargs)
        request.user.chosen_profile_id = shown
        with pghistory.context(profile=shown):
            return view(request, *args, **kwargs)

    return taken_back


def refusal(action: Action) -> str:
    """The sentence of a 403: what one may not do; the page adds what to do next."""
    return f"Le profil que vous utilisez ne vous permet pas de {action.label}."
