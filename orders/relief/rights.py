"""Who asks for relief, who reads a request, which ARS answers it."""

from dataclasses import replace

from accounts.models import User
from common.weeks import current_week
from establishments.models import AdministrativeBody, Establishment
from establishments.perimeter import Action
from orders.models import Beneficiary, RegionalPool, ReliefRequest
from orders.models.beneficiary import beneficiary_q
from orders.models.relief import ReliefQuerySet


def may_ask(user: User) -> bool:
    return bool(user.may(Action.AID_ASK)) and bool(asking_for(user))


def asking_for(user: User) -> list[Beneficiary]:
    """The places for which the person orders: theirs, not those of a region."""
    if not user.may(Action.AID_ASK):
        return []
    held = replace(user.perimeter_to(Action.ORD_WRITE), region_codes=frozenset())
    if not held:
        return []
    rows = Beneficiary.objects.filter(beneficiary_q(held), is_listed=True)
    return list(rows.select_related("establishment", "legal_entity").order_by("pk"))


def sites_of(beneficiary: Beneficiary) -> list[Establishment]:
    """Those that can be helped: the establishment, or the open sites of the entity."""
    if beneficiary.establishment:
        return [beneficiary.establishment]
    rows = Establishment.objects.open().filter(legal_entity=beneficiary.legal_entity_id)
    return list(rows.order_by("-is_main", "sort_name", "finess"))


def seen(user: User) -> ReliefQuerySet:
    rows: ReliefQuerySet = ReliefRequest.objects.for_user(user, to=Action.ORD_QUOTA_READ)
    return rows


def is_own(user: User, request: ReliefRequest) -> bool:
    return any(one.pk == request.beneficiary_id for one in asking_for(user))


def answered_by(user: User) -> ReliefQuerySet:
    """Those that this person may answer: of its region; the national cell reads, and leaves it."""
    held = replace(user.perimeter_to(Action.AID_PROPOSE), is_national=False)
    rows: ReliefQuerySet = ReliefRequest.objects.within(held)
    return rows.filter(pk__in=seen(user).order_by().values("pk"))


def may_answer(user: User, request: ReliefRequest) -> bool:
    return bool(user.may(Action.AID_PROPOSE)) and bool(
        answered_by(user).filter(pk=request.pk).exists()
    )


def agency_for(user: User, request: ReliefRequest) -> AdministrativeBody | None:
    """The ARS on whose pool this person orders for that region."""
    region = request.beneficiary.region_id
    if region is None or region not in user.perimeter_to(Action.ORD_WRITE).region_codes:
        return None
    rows = AdministrativeBody.objects.filter(kind=AdministrativeBody.Kind.ARS, region=region)
    found: AdministrativeBody | None = rows.order_by("pk").first()
    return found


def pool_for(request: ReliefRequest) -> RegionalPool | None:
    """What the region has of that item this week."""
    rows = RegionalPool.objects.filter(week=current_week(), region=request.beneficiary.region_id)
    found: RegionalPool | None = rows.filter(item=request.item_id).first()
    return found
