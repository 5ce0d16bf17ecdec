"""On the home page: delivery addresses that wait for this person."""

from django.urls import reverse

from accounts.models import User
from common.home import Card, Kind
from establishments.perimeter import Action
from orders.addresses.rights import to_decide

ORDER = 44


def address_cards(user: User) -> list[Card]:
    if not user.may(Action.ADDR_VALIDATE):
        return []
    found = list(to_decide(user).for_list()[:2])
    if not found:
        return []
    if len(found) == 1:
        row = found[0]
        return [
            Card(
                Kind.DECIDE,
                f"Adresse de livraison à valider\u00a0: {row.label}",
                f"Proposée par {row.proposed_by} pour {row.holder}.",
                f"Depuis le {row.proposed_at:%d/%m}",
                "Décider",
                reverse("orders:address", args=[row.pk]),
                ORDER,
            )
        ]
    count = to_decide(user).count()
    return [
        Card(
            Kind.DECIDE,
            f"{count}\u00a0adresses de livraison à valider",
            "Aucune commande n’y part avant.",
            f"La plus ancienne\u00a0: {found[0].proposed_at:%d/%m}",
            "Décider",
            reverse("orders:addresses"),
            ORDER,
        )
    ]
