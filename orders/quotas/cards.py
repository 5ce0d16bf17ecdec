"""What quotas bring to the home page: the share-outs that wait for a second person."""

from django.urls import reverse

from accounts.models import User
from common.home import Card, Kind
from establishments.perimeter import Action
from orders.models import Allocation

ORDER = 41


def quota_cards(user: User) -> list[Card]:
    """Of the national cell: what another proposed."""
    if not user.may(Action.QUOTA_WRITE):
        return []
    waiting = Allocation.objects.filter(state=Allocation.State.PROPOSED).exclude(proposed_by=user)
    return [
        Card(
            Kind.DECIDE,
            f"{one.item.plural}\u00a0: une répartition attend votre publication",
            f"Proposée par {one.proposed_by}, pour la semaine du {one.starts_on:%d/%m/%Y}.",
            action_label="Lire et décider",
            url=reverse("orders:allocation_compare") + f"?b={one.pk}",
            order=ORDER,
        )
        for one in waiting.select_related("item", "proposed_by").order_by("starts_on", "pk")
    ]
