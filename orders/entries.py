"""What the start page offers, by what one may do; each subject adds its lines."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from establishments.perimeter import Action


@dataclass(frozen=True, slots=True)
class Entry:
    """A page to open: ``actions``, one of which is needed."""

    label: str
    text: str
    name: str
    actions: tuple[Action, ...]

    @property
    def url(self) -> str:
        return reverse(self.name)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "Adresses de livraison",
        "Celles de FINESS, celles qui attendent une validation.",
        "orders:addresses",
        (Action.ADDR_PROPOSE, Action.ADDR_VALIDATE),
    ),
)


def entries_of(user: User) -> Iterator[Entry]:
    return (one for one in ENTRIES if any(user.may(action) for action in one.actions))
