"""The pharmacies that a search over the platform finds."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from common.search import Group, Hit
from establishments.finding import PER_GROUP, READ, is_long_enough, stems
from establishments.perimeter import Action
from pui.models import Pui
from pui.register_table import named

ORDER = 20


def find(user: User, text: str) -> list[Group]:
    """By the words of their label, or as the directory finds their establishment."""
    if not user.may(Action.PUI_READ) or not is_long_enough(text):
        return []
    rows = Pui.objects.for_user(user, to=Action.PUI_READ).filter(named(stems(text)), closed_on=None)
    found = list(rows.select_related("establishment").order_by("sort_label", "pk")[:READ])
    if not found:
        return []
    has_more = len(found) > PER_GROUP
    more = f"{reverse('pui:register')}?{urlencode({'recherche': text})}"
    return [
        Group(
            label="Pharmacies à usage intérieur",
            hits=[_hit(one) for one in found[:PER_GROUP]],
            more_url=more if has_more else "",
            more_label="Voir toutes les PUI trouvées" if has_more else "",
            order=ORDER,
        )
    ]


def _hit(row: Pui) -> Hit:
    place = row.establishment
    detail = f"{place}, ET {place.finess_text}, {place.town}"
    return Hit(row.label, reverse("pui:detail", args=[row.pk]), detail)
