"""What the directory brings to the menu."""

from django.urls import reverse

from common.home import MenuItem
from establishments.perimeter import Action


def menu(user) -> list[MenuItem]:
    if not user.may(Action.REF_READ):
        return []
    return [MenuItem("Établissements", reverse("establishments:search"), order=60)]
