"""The way to the situation, for those who read one dashboard at least."""

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from common.home import Aside, MenuItem
from common.kept import KeptByKey
from establishments.perimeter import Perimeter
from steering.models import Bulletin
from steering.situation.territory import DASHBOARDS, held_by

ORDER, ASIDE_ORDER = 5, 20
LATEST = KeptByKey[tuple[Bulletin | None]]()


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
    (bulletin,) = LATEST.value(held, lambda: (latest_of(held),))
    return [Aside("steering/situation/aside.html", {"bulletin": bulletin}, ASIDE_ORDER)]


def latest_of(held: Perimeter) -> Bulletin | None:
    """The last bulletin of the country, or of a region held."""
    rows = Bulletin.objects.defer("content").order_by("-week", "-version")
    where = Q(region__isnull=True) if held.is_national else Q(region__in=held.region_codes)
    return rows.filter(where).first()
