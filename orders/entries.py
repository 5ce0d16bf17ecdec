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
        "Doctrines de contingentement",
        "Combien d’unités par lit, place ou professionnel et par semaine.",
        "orders:doctrines",
        (Action.ORD_QUOTA_READ,),
    ),
    Entry(
        "Capacités",
        "Lits, places et professionnels connus, et leur correction.",
        "orders:capacities",
        (Action.ORD_QUOTA_READ,),
    ),
    Entry(
        "Corrections de capacité",
        "Les nombres que des établissements demandent de corriger.",
        "orders:capacity_requests",
        (Action.CAP_VALIDATE,),
    ),
    Entry(
        "Adresses de livraison",
        "Celles de FINESS, celles qui attendent une validation.",
        "orders:addresses",
        (Action.ADDR_PROPOSE, Action.ADDR_VALIDATE),
    ),
)


def entries_of(user: User) -> Iterator[Entry]:
    return (one for one in ENTRIES if any(user.may(action) for action in one.actions))
