"""Who proposes a delivery address, who decides of it, and whose addresses a person sees."""

from dataclasses import replace

from django.db.models import Q

from accounts.models import User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from orders.models import Beneficiary, DeliveryAddress
from orders.models.address import AddressQuerySet
from orders.models.beneficiary import beneficiary_q

Holder = Beneficiary | AdministrativeBody


def seen(user: User) -> AddressQuerySet:
    """Those that the person proposes for, or decides of."""
    rows: AddressQuerySet = DeliveryAddress.objects.all()
    proposed = rows.for_user(user, to=Action.ADDR_PROPOSE).order_by().values("pk")
    decided = rows.for_user(user, to=Action.ADDR_VALIDATE).order_by().values("pk")
    return rows.filter(Q(pk__in=proposed) | Q(pk__in=decided))


def to_decide(user: User) -> AddressQuerySet:
    """Those that wait for this person: never one that they proposed."""
    rows: AddressQuerySet = DeliveryAddress.objects.for_user(user, to=Action.ADDR_VALIDATE)
    return rows.waiting().exclude(proposed_by=user.pk).order_by("proposed_at", "pk")


def own_beneficiaries(user: User) -> list[Beneficiary]:
    """The places of the person's own profile; not those of a region that it follows."""
    found = Q(pk__in=[])
    for action in (Action.ADDR_PROPOSE, Action.ADDR_VALIDATE):
        held = replace(user.perimeter_to(action), region_codes=frozenset(), is_national=False)
        found |= beneficiary_q(held)
    rows = Beneficiary.objects.filter(found, is_listed=True)
    return list(rows.select_related("establishment", "legal_entity").order_by("pk"))


def own_agency(user: User) -> AdministrativeBody | None:
    """The ARS whose pool the person orders on."""
    held = user.perimeter_to(Action.ADDR_PROPOSE)
    rows = AdministrativeBody.objects.filter(
        Q(region__in=held.region_codes) | Q(pk__in=held.operator_ids),
        kind=AdministrativeBody.Kind.ARS,
    )
    found: AdministrativeBody | None = rows.order_by("pk").first()
    return found


def may_propose(user: User, holder: Holder) -> bool:
    if isinstance(holder, Beneficiary):
        rows = Beneficiary.objects.for_user(user, to=Action.ADDR_PROPOSE)
        return bool(rows.filter(pk=holder.pk).exists())
    held = user.perimeter_to(Action.ADDR_PROPOSE)
    return holder.pk in held.operator_ids or holder.region_id in held.region_codes


def may_decide(user: User, address: DeliveryAddress) -> bool:
    return bool(to_decide(user).filter(pk=address.pk).exists())


def may_retire(user: User, address: DeliveryAddress) -> bool:
    """A free address that lives, by those who propose for its holder or decide for it."""
    if address.site_id or address.state not in ("proposed", "validated"):
        return False
    reached = DeliveryAddress.objects.for_user(user, to=Action.ADDR_VALIDATE)
    return may_propose(user, address.holder) or bool(reached.filter(pk=address.pk).exists())
