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
        "Demandes de dépannage",
        "Demander à l’ARS ce qui manque, suivre la réponse.",
        "orders:relief",
        (Action.ORD_QUOTA_READ,),
    ),
    Entry(
        "Tableau de bord",
        "Contingents utilisés, commandes, délais, besoins non couverts.",
        "orders:dashboard",
        (Action.DASH_ORD,),
    ),
    Entry(
        "Stock par produit et par entrepôt",
        "Le stock de l’État, face à dix semaines de pic.",
        "orders:state_stock",
        (Action.STOCK_STATE,),
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
