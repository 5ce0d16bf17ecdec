"""What one may want to do: an action of the access matrix, and what it needs of the place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.grants import GRANTS, ROLE_CODES, SITE
from accounts.models import Domain, Role
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.perimeter import Action

if TYPE_CHECKING:
    from accounts.doctor.case import Facts

Place = Establishment | LegalEntity
Right = tuple[Domain, Role]


@dataclass(frozen=True, slots=True)
class Step:
    """Something to press: a link, or with ``fields`` a form sent by its button."""

    label: str
    url: str
    fields: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule of the application says of a place, in words; ``step`` leads out of a refusal.

    ``short`` is what is missing, for a table. ``is_last``: what comes once the rights are there.
    """

    title: str
    is_met: bool
    detail: str
    short: str = ""
    advice: str = ""
    step: Step | None = None
    is_about_number: bool = False
    is_last: bool = False


Check = Callable[[Place, "Facts"], Finding]


def _same(place: Place, facts: Facts) -> Place:
    return place


@dataclass(frozen=True, slots=True)
class Application:
    """An entry of « Ce que vous voulez faire ».

    ``checks`` are the rules about the place, besides rights; ``target`` says on which entity the
    profile must stand (orders: not always the site); ``address`` where one works once all is
    green, None while no page exists yet.
    """

    key: str
    label: str
    verb: str
    action: Action
    order: int = 50
    checks: tuple[Check, ...] = ()
    target: Callable[[Place, Facts], Place] = _same
    address: Callable[[Place | None], str] | None = None

    def rights_on(self, kind: str) -> list[Right]:
        """The habilitations that give the action on a kind of entity, the usual one first."""
        cells = GRANTS[self.action]
        return [
            (Domain(domain), Role(role))
            for (domain, role, on), code in ROLE_CODES.items()
            if on == kind and cells.letter(code, domain)
        ]

    @property
    def kinds(self) -> list[str]:
        """The kinds of entity from which it can be done: sites first, as in the matrix."""
        return [kind for kind in (SITE, *AdministrativeBody.Kind) if self.rights_on(kind)]

    @property
    def is_generic(self) -> bool:
        """Known from the matrix alone: a page, not an application still to come."""
        return self.key == self.action.value

    @property
    def is_on_sites(self) -> bool:
        return bool(self.rights_on(SITE))


def generic(action: Action) -> Application:
    """What no app has declared is explained all the same, from the matrix alone."""
    label = f"{action.label[0].upper()}{action.label[1:]}"
    return Application(action.value, label, action.label, action)
