"""The way to the situation, for those who read one dashboard at least."""

from django.urls import reverse

from accounts.models import User
from common.home import MenuItem
from steering.situation.territory import DASHBOARDS

ORDER = 5


def situation_menu(user: User) -> list[MenuItem]:
    if not any(user.may(action) for action in DASHBOARDS):
        return []
    return [MenuItem("Situation", reverse("steering:situation"), order=ORDER)]
