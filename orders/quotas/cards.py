"""What quotas bring to the home page: share-outs to publish, quotas just published."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from establishments.perimeter import Action
from orders.models import Allocation, Quota

ORDER = 41
TOLD_FOR = timedelta(days=7)


def quota_cards(user: User) -> list[Card]:
    """To the national cell, what another proposed; to those who read quotas, what is new."""
    if user.may(Action.QUOTA_WRITE):
        return _to_publish(user)
    return _just_published(user) if user.may(Action.ORD_QUOTA_READ) else []


def _to_publish(user: User) -> list[Card]:
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


def _just_published(user: User) -> list[Card]:
    """For a week: who orders finds the new calculation, the ARS the quotas of its region."""
    rows = Allocation.objects.decided().filter(
        state=Allocation.State.PUBLISHED, published_at__gte=timezone.now() - TOLD_FOR
    )
    mine = Quota.objects.for_user(user, to=Action.ORD_QUOTA_READ).filter(allocation=OuterRef("pk"))
    told = list(rows.filter(Exists(mine)).select_related("item").order_by("starts_on", "item"))
    return [_published_card(*told)] if told else []


def _published_card(*told: Allocation) -> Card:
    """Of several items published together, one card that names them all."""
    one, last = told[0], max(each.published_at for each in told)
    names = [each.item.plural for each in told]
    address = reverse("orders:quota_list")
    if len(told) == 1:
        address += f"?equipement={one.item_id}"
    others = [f"{name[0].lower()}{name[1:]}" for name in names[1:]]
    listed = " et ".join(filter(None, [", ".join([names[0], *others[:-1]]), *others[-1:]]))
    days = sorted({each.starts_on for each in told})
    since = " et du ".join(f"{day:%d/%m/%Y}" for day in days)
    return Card(
        Kind.TO_SEE,
        f"{listed}\u00a0: nouveaux contingents",
        f"Ils comptent à partir du lundi {since}, avec leur calcul.",
        f"Publiés le {timezone.localtime(last):%d/%m/%Y}",
        "Lire les contingents",
        address,
        ORDER,
    )
