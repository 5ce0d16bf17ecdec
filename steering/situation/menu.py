"""The way to the situation, for those who read one dashboard at least."""

from django.urls import reverse

from accounts.models import User
from common.home import Aside, MenuItem
from steering.models import Bulletin
from steering.situation.territory import DASHBOARDS, held_by

ORDER, ASIDE_ORDER = 5, 20


def reads_situation(user: User) -> bool:
    return any(user.may(action) for action in DASHBOARDS)


def situation_menu(user: User) -> list[MenuItem]:
    if not reads_situation(user):
        return []
    return [MenuItem("Situation", reverse("steering:situation"), order=ORDER)]


def situation_asides(user: User) -> list[Aside]:
    """The page that says everything, and the last bulletin of one's territory."""
    if not reads_situation(user):
        return []
    held = held_by(user)
    rows = Bulletin.objects.defer("content").order_by("-week", "-version")
    if held.is_national:
        rows = rows.filter(region__isnull=True)
    else:
        rows = rows.filter(region__in=held.region_codes)
    return [Aside("steering/situation/aside.html", {"bulletin": rows.first()}, ASIDE_ORDER)]
