"""The orders and the products of Distrilog-Santé that a search over the platform finds."""

import re
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from common.search import Group, Hit
from establishments.finding import PER_GROUP, READ, all_in, is_long_enough, stems
from establishments.perimeter import Action
from orders.following.filters import named_q
from orders.models import Order, Product

ORDER: Final = 50
NUMBER: Final = re.compile(r"C?[\s-]*(\d{4})[\s-]*(\d{1,6})", re.IGNORECASE)


def find(user: User, text: str) -> list[Group]:
    if not is_long_enough(text):
        return []
    return [*_orders(user, text), *_products(user, text)]


def exact(user: User, text: str) -> Hit | None:
    """The order whose number was typed, in any writing: « c 2026 14 »."""
    asked = NUMBER.fullmatch(text.strip())
    if not asked or not user.may(Action.ORD_READ):
        return None
    number = f"C-{asked[1]}-{asked[2].zfill(6)}"
    rows = Order.objects.sent().for_user(user, to=Action.ORD_READ).for_list()
    found = rows.filter(number=number).first()
    return _order_hit(found) if found else None


def _orders(user: User, text: str) -> list[Group]:
    """As the list of orders finds them, the latest first."""
    if not user.may(Action.ORD_READ):
        return []
    rows = Order.objects.sent().for_user(user, to=Action.ORD_READ).filter(named_q(text)).for_list()
    found = list(rows.order_by("-submitted_at", "-pk")[:READ])
    if not found:
        return []
    has_more = len(found) > PER_GROUP
    more = f"{reverse('orders:orders')}?{urlencode({'recherche': text})}"
    hits = [_order_hit(one) for one in found[:PER_GROUP]]
    label = "Voir toutes les commandes trouvées" if has_more else ""
    return [Group("Commandes", hits, more if has_more else "", label, ORDER)]


def _order_hit(order: Order) -> Hit:
    detail = f"{order.holder}, {order.get_state_display()}, {order.submitted_at:%d/%m/%Y}"
    return Hit(f"Commande {order.number}", reverse("orders:order", args=[order.pk]), detail)


def _products(user: User, text: str) -> list[Group]:
    """Those of the catalogue, few enough to be read whole."""
    if not user.may(Action.ORD_QUOTA_READ):
        return []
    asked = stems(text)
    rows = Product.objects.filter(is_open=True).select_related("item").order_by("rank", "label")
    found = [one for one in rows if all_in(asked, [one.label, one.code, one.item.plural])]
    if not found:
        return []
    hits = [
        Hit(one.label, reverse("orders:catalogue"), f"Référence {one.code}, {one.item.plural}")
        for one in found[:PER_GROUP]
    ]
    has_more = len(found) > PER_GROUP
    more = reverse("orders:catalogue") if has_more else ""
    return [
        Group(
            "Produits à commander", hits, more, "Voir le catalogue" if has_more else "", ORDER + 1
        )
    ]
