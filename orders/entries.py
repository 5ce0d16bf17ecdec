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
        "Produits du consortium",
        "Hors tension, des équipements à acheter, facturés à l’établissement.",
        "orders:consortium",
        (Action.ORD_QUOTA_READ,),
    ),
    Entry(
        "Factures",
        "Celles des produits du consortium : les lire, les télécharger, suivre Chorus Pro.",
        "orders:invoices",
        (Action.INV_READ,),
    ),
    Entry(
        "Factures à émettre",
        "Les commandes payantes expédiées et pas encore facturées.",
        "orders:invoices_due",
        (Action.INV_ISSUE,),
    ),
    Entry(
        "Tenir le catalogue",
        "Produits, conditionnements, prix datés et stocks.",
        "orders:products",
        (Action.CAT_WRITE,),
    ),
    Entry(
        "Convention avec le consortium",
        "Les dates entre lesquelles il vend ses produits ici.",
        "orders:agreement",
        (Action.QUOTA_WRITE,),
    ),
)


def entries_of(user: User) -> Iterator[Entry]:
    return (one for one in ENTRIES if any(user.may(action) for action in one.actions))
