"""Orders of last week and of today, sent through the service; a draft in some baskets.

On the quotas that are published: where there is none yet, nothing is ordered.
"""

from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Domain, Habilitation, Role, User
from common.weeks import PARIS, current_week, shift
from config.demo.people import ADDRESS
from orders.models import Beneficiary, Order, Product, Quota
from orders.services.drafts import draft_of, save_lines
from orders.services.errors import OrderingError
from orders.services.finess_addresses import finess_address
from orders.services.holders import Holder, holders_of
from orders.services.ordering import submit
from orders.services.sending import Delivery

# account; part of the quota ordered last week, then today (percent, none: 0); kept in the basket
PLANS = (("ehpad", 75, 25, 50), ("commande", 60, 30, 0))
OTHERS, PART = 25, 40  # other establishments of the first region, and what they ordered today
HOUR = time(9, 12)


def build_ordering() -> None:
    """Add what is missing: the same token is never ordered twice."""
    week = current_week()
    for key, past, today, basket in PLANS:
        user = User.objects.get(email=f"{key}{ADDRESS}")
        for holder in _beneficiaries(user):
            _order(user, holder, shift(week, -1), past)
            _order(user, holder, week, today)
            if basket and draft_of(user, holder) is None:
                _fill(user, holder, basket)
    for user, holder in _others():
        _order(user, holder, week, PART)


def _beneficiaries(user: User) -> list[Holder]:
    """Those of all their profiles: each is chosen in turn."""
    found = []
    for profile in user.usable_profiles:
        user.chosen_profile_id = profile.pk
        found += [one for one in holders_of(user) if one.beneficiary is not None]
    return found[:1]


def _others() -> list[tuple[User, Holder]]:
    """Order operators of the places that are not on the table of the README."""
    held = Habilitation.objects.filter(
        domain=Domain.DISTRILOG, role=Role.ORDER_OPERATOR, state=Habilitation.State.ACTIVE
    ).exclude(profile__user__email__in=[f"{key}{ADDRESS}" for key, *_ in PLANS])
    users = User.objects.filter(profiles__habilitations__in=held).distinct().order_by("pk")
    found = []
    for user in users[:OTHERS]:
        found += [(user, holder) for holder in _beneficiaries(user)]
    return found


def _order(user: User, holder: Holder, week: date, part: int) -> None:
    beneficiary = holder.beneficiary
    if not isinstance(beneficiary, Beneficiary) or not part:
        return
    token = uuid5(NAMESPACE_URL, f"{beneficiary.finess}/{week}/{part}")
    if Order.objects.filter(beneficiary=beneficiary, token=token).exists():
        return
    lines, address = _lines(beneficiary, week, part), finess_address(beneficiary)
    if not lines or address is None:
        return
    delivery = Delivery(address, str(user), user.phone or "02 00 00 02 10")
    at = datetime.combine(week, HOUR, tzinfo=PARIS)
    try:
        submit(
            by=user, beneficiary=beneficiary, lines=lines, delivery=delivery, token=token, now=at
        )
    except OrderingError:
        return  # what is no longer in tension, or out of stock, is not ordered


def _lines(beneficiary: Beneficiary, week: date, part: int) -> dict[int, int]:
    """That part of each quota, in whole packs of its middle size."""
    found = {}
    for quota in Quota.objects.filter(beneficiary=beneficiary, week=week):
        products = list(Product.objects.of_state().filter(item=quota.item))
        if not products:
            continue
        product = products[len(products) // 2]
        wanted = min(quota.granted * part // 100, quota.remaining)
        units = wanted // product.units_per_pack * product.units_per_pack
        if units:
            found[product.pk] = units
    return found


def _fill(user: User, holder: Holder, part: int) -> None:
    beneficiary = holder.beneficiary
    if isinstance(beneficiary, Beneficiary):
        lines = _lines(beneficiary, current_week(), part)
        if lines:
            save_lines(by=user, holder=holder, lines=lines)
