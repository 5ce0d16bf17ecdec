"""The sections of PLAGE, and who meets each: its tabs, and the entry of the main menu."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.grants import letters_held
from accounts.models import User
from common.addresses import fixed_address
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
        return fixed_address(self.route)


SECTIONS: tuple[Section, ...] = (
    Section("Demandes", "plage:requests", DECIDE),
    Section("Invitations", "plage:invitations", (Action.ACC_INVITE,)),
    Section("Gestion des APE", "plage:ape", (Action.PROF_DECIDE_APE,)),
    Section("Comptes", "plage:people", (Action.ACC_READ,)),
    Section("Journal", "plage:journal", (Action.JRN_READ,)),
    Section("Jetons d’API", "plage:tokens", (Action.API_TOKEN,)),
)


def sections_of(user: User) -> list[Section]:
    """The tabs of this person, in their order; none: PLAGE is not for them.

    By the letters that the profile in use holds, also those that cover no establishment: the tokens
    of an operator’s own machines (F).
    """
    profile = user.active_profile
    if profile is None:
        return []
    today = timezone.localdate()
    return [
        one
        for one in SECTIONS
        if any(letters_held(profile, action, today) for action in one.actions)
    ]
