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
        "Fichiers de commandes",
        "Ce que chaque entrepôt a reçu à préparer, à télécharger et à accuser.",
        "orders:order_files",
        (Action.IF_GET, Action.IF_META),
    ),
    Entry(
        "Comptes rendus logistiques",
        "Confirmations, expéditions, livraisons, états de stock\u00a0; ceux en quarantaine.",
        "orders:reports",
        (Action.IF_PUT, Action.IF_META),
    ),
    Entry(
        "Acheminement",
        "Les grands établissements et leurs plateformes, les réacheminements, les dotations.",
        "orders:routing",
        (Action.ROUTE_WRITE,),
    ),
    Entry(
        "Réassort de La Poste",
        "Ce qui va manquer à l’entrepôt, ce qui est demandé, ce qui arrive.",
        "orders:replenishments",
        (Action.ROUTE_WRITE, Action.IF_PUT),
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
