"""The protective equipment that a search over the platform finds."""

from django.urls import reverse

from accounts.models import User
from common.search import Group, Hit
from common.weeks import current_week
from epi_stocks.models import EpiItem
from establishments.finding import PER_GROUP, alike_in, all_in, is_long_enough, stems
from establishments.perimeter import Action

ORDER = 40


def find(user: User, text: str) -> list[Group]:
    """The items counted now, else those spelled nearly so: in the view of a territory, else in
    one's inventory."""
    follows = user.may(Action.DASH_EPI)
    if not (follows or user.may(Action.EPI_READ)) or not is_long_enough(text):
        return []
    asked = stems(text)
    items = list(EpiItem.objects.top().on(current_week()).order_by("rank"))
    found = [one for one in items if all_in(asked, [one.label, one.plural])]
    near = [] if found else [one for one in items if alike_in(asked, [one.label, one.plural])]
    if not found and not near:
        return []
    hits = [_hit(one, follows) for one in (found or near)[:PER_GROUP]]
    label = "Équipements de protection"
    if found:
        return [Group(label, hits, order=ORDER)]
    return [Group(f"{label}, orthographe proche", hits, order=ORDER + 50)]


def _hit(item: EpiItem, follows: bool) -> Hit:
    if follows:
        url = f"{reverse('epi_stocks:visu')}?equipement={item.code}"
        return Hit(item.plural, url, "Situation de votre territoire en temps réel")
    return Hit(item.plural, reverse("epi_stocks:inventory_start"), "Inventaire hebdomadaire")
