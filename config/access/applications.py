"""All the applications, collected from the apps; and the one that a refusal was about."""

from collections.abc import Collection
from functools import cache
from importlib import import_module
from types import ModuleType
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.module_loading import module_has_submodule

from accounts.doctor import Application, Facts, Place, generic
from accounts.grants import kind_of
from accounts.models import Profile, User
from establishments.access import RouteAccess
from establishments.perimeter import Action


@cache
def declarations() -> list[ModuleType]:
    """The ``access`` module of each of our apps that has one."""
    ours = [app for app in apps.get_app_configs() if app.path.startswith(str(settings.BASE_DIR))]
    return [
        import_module(f"{app.name}.access")
        for app in ours
        if app.name not in ("config", "common") and module_has_submodule(app.module, "access")
    ]


@cache
def applications() -> tuple[Application, ...]:
    """Every application that one may ask about, in the order of the list."""
    found: list[Application] = []
    for declared in declarations():
        found += getattr(declared, "APPLICATIONS", ())
    return tuple(sorted(found, key=lambda one: one.order))


def remarks(place: object) -> list[str]:
    """What the apps have to say of a place to whoever asks for access there."""
    tellers = [declared.remarks for declared in declarations() if hasattr(declared, "remarks")]
    return [one for teller in tellers for one in teller(place)]


def remarks_without_place(asked: str, places: Collection[Place], facts: Facts) -> list[str]:
    """What they have to say of the person's own places when no establishment was told."""
    tellers = [
        declared.remarks_without_place
        for declared in declarations()
        if hasattr(declared, "remarks_without_place")
    ]
    return [one for teller in tellers for one in teller(asked, places, facts)]


def application_named(key: str) -> Application | None:
    """A declared application by its key, or any line of the access matrix by its own."""
    declared = next((one for one in applications() if one.key == key), None)
    if declared is None and key in Action.values:
        return generic(Action(key))
    return declared


def application_of(actions: tuple[Action, ...], user: User) -> Application | None:
    """What somebody refused on a page was about to do: for a site or for a territory."""
    kinds = {kind_of(profile) for profile in user.usable_profiles}
    declared = [one for one in applications() if one.action in actions]
    for one in declared:
        if not kinds or kinds & set(one.kinds):
            return one
    alone = [one for one in declared if one.action == actions[0]]
    return next(iter(alone), None) or (generic(actions[0]) if actions else None)


def application_for(profile: Profile) -> Application | None:
    """What a profile is for: what was asked on it, else the first that exists there."""
    kind, held = kind_of(profile), {(one.domain, one.role) for one in profile.rights}
    there = [one for one in applications() if one.rights_on(kind)]
    asked = [one for one in there if held & set(one.rights_on(kind))]
    return next(iter(asked or there), None)


def doctor_address(request: HttpRequest) -> str:
    """The doctor, filled with what was refused: the application and the establishment.

    A refusal may come before anybody looked who asks; an unknown address is nobody's refusal.
    """
    match = getattr(request, "resolver_match", None)
    if match is None or not hasattr(request, "user"):
        return ""
    return address_of(match, request.user)


def address_of(match: ResolverMatch | None, user: User) -> str:
    access = getattr(match.func, "access", RouteAccess()) if match else RouteAccess()
    application = application_of(access.actions, user) if user.is_authenticated else None
    query = {"application": application.key} if application else {}
    if finess := match.kwargs.get("finess") if match and application else None:
        query["etablissement"] = finess
    address = reverse("access")
    return f"{address}?{urlencode(query)}" if query else address


def address_from(path: str, user: User) -> str:
    """The same for an address of this site that somebody wanted to open before logging in."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        match = None
    return address_of(match, user)
