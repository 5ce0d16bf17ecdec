"""For whom one buys, and what the catalogue shows them of what is paid."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from orders.consortium.offer import offers_of, packs_of, totals_of_offers
from orders.models import Beneficiary
from orders.services.agreements import agreement_on, closed_in_words
from orders.services.holders import holders_of
from orders.services.paid_orders import basket_of


def buyer_of(user: User) -> Beneficiary | None:
    """The one that the profile in use orders for."""
    found = (one.beneficiary for one in holders_of(user) if one.beneficiary)
    return next(found, None)


def offered(user: User, refused: dict[int, str] | None = None) -> dict[str, Any]:
    """What ``orders/consortium/offered.html`` draws, for this page and the catalogue."""
    today = timezone.localdate()
    buyer = buyer_of(user) if user.may(Action.ORD_WRITE) else None
    basket = basket_of(user, buyer) if buyer else None
    region = buyer.region_id if buyer else None
    offers = offers_of(agreement_on(today), today, region, packs_of(basket))
    return {
        "offers": [(one, (refused or {}).get(one.product.pk, "")) for one in offers],
        "closed": closed_in_words(today),
        "buyer": buyer,
        "basket_lines": sum(bool(one.packs) for one in offers),
        "totals": totals_of_offers(offers),
    }
