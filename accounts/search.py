"""The people that a search over the platform finds, for who may read their accounts."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from accounts.people.reading import Search, people_found
from common.search import Group, Hit
from establishments.finding import PER_GROUP, READ, is_long_enough
from establishments.perimeter import Action

ORDER = 70


def find(user: User, text: str) -> list[Group]:
    """As the list of accounts finds them."""
    if not user.may(Action.ACC_READ) or not is_long_enough(text):
        return []
    found = list(people_found(user, Search(text=text))[:READ])
    if not found:
        return []
    has_more = len(found) > PER_GROUP
    more = f"{reverse('plage:people')}?{urlencode({'recherche': text})}"
    hits = [
        Hit(str(one), reverse("plage:person", args=[one.public_id]), one.email)
        for one in found[:PER_GROUP]
    ]
    label = "Voir tous les comptes trouvés" if has_more else ""
    return [Group("Personnes", hits, more if has_more else "", label, ORDER)]
