"""« Pot commun régional »: what an ARS may still order this week, of what is in tension."""

from django.urls import reverse

from accounts.models import User
from common.home import Aside
from common.weeks import current_week, shift
from establishments.perimeter import Action
from orders.models import RegionalPool
from orders.reading import agency_for
from orders.tension.cards import limited

ORDER = 40


def pool_asides(user: User) -> list[Aside]:
    """For who orders on it or reads the region; silent out of tension."""
    held = user.perimeter_to(Action.ORD_QUOTA_READ)
    profile = user.active_profile
    is_of_agency = bool(profile and profile.body and profile.body.kind == profile.body.Kind.ARS)
    if not held or held.is_national or not is_of_agency:
        return []
    tense = {one.item.pk for one in limited(user)}
    pools = RegionalPool.objects.for_user(user, to=Action.ORD_QUOTA_READ).filter(
        week=current_week(), item__in=tense
    )
    found = list(pools.select_related("item").order_by("item__rank"))
    if not found:
        return []
    context = {
        "pools": found,
        "reset_on": shift(current_week(), 1),
        "may_order": agency_for(user) is not None,
        "url": reverse("orders:catalogue"),
    }
    return [Aside("orders/news/pool.html", context, ORDER)]
