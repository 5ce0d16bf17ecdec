"""Every address of the site with who may use it: what `manage.py access` prints and tests play."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.grants import CODES, GRANTS
from establishments.access import RouteAccess
from establishments.perimeter import Action

HEADINGS = ("Adresse", "Nom", "Accès", "Rôles")


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its full name, how it is written, what it declares (None: nothing, a fault)."""

    name: str
    address: str
    access: RouteAccess | None


def every_route(resolver: URLResolver | None = None) -> list[Route]:
    """All the addresses, sorted by how they are written."""
    return sorted(_routes(resolver or get_resolver(), "/", ""), key=lambda route: route.address)


def _routes(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        address = f"{prefix}{one.pattern}"
        if isinstance(one, URLPattern):
            access = getattr(one.callback, "access", None)
            yield Route(f"{space}{one.name}", address, access)
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _routes(one, address, inner)


def roles_allowed(action: Action) -> str:
    """Each role with its letter: « OIE J, ARA R »; everybody alike is said so."""
    letters = GRANTS[action].letters
    if letters.get("USR"):
        return "tout compte"
    return ", ".join(f"{code}\u00a0{letters[code]}" for code in CODES if code in letters)


def access_table() -> str:
    """The table of docs/access.md, one line a route and an action."""
    lines = [_line(HEADINGS), _line("---" for _ in HEADINGS)]
    for route in every_route():
        lines += [
            _line((f"`{route.address}`", f"`{route.name}`", who, roles))
            for who, roles in _readings(route.access)
        ]
    return "\n".join(lines) + "\n"


def _readings(access: RouteAccess | None) -> list[tuple[str, str]]:
    match access:
        case None:
            return [("**non déclaré**", "")]
        case RouteAccess(is_public=True):
            return [("public", "")]
        case RouteAccess(is_machine=True):
            return [("jeton ou secret d’une application", "")]
        case RouteAccess(actions=()):
            return [("tout compte", "")]
    return [(f"`{action.value}`", roles_allowed(action)) for action in access.actions]


def _line(cells) -> str:
    return f"| {' | '.join(cells)} |"
