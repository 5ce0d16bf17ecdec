"""The sections of PLAGE, and who meets each: its tabs, and the entry of the main menu."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from establishments.perimeter import Action

DECIDE = (Action.PROF_DECIDE_ETAB, Action.PROF_DECIDE_APE, Action.PROF_DECIDE_REG)


@dataclass(frozen=True, slots=True)
class Section:
    """A tab: what it is called, the route it opens, and what one must be allowed."""

    label: str
    route: str
    actions: tuple[Action, ...]

    @property
    def url(self) -> str:
        return reverse(self.route)


SECTIONS: tuple[Section, ...] = (Section("Demandes", "plage:requests", DECIDE),)


def sections_of(user: User) -> list[Section]:
    """The tabs of this person, in their order; none: PLAGE is not for them."""
    return [one for one in SECTIONS if any(user.may(action) for action in one.actions)]
