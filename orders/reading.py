"""For whom somebody orders: the chosen profile decides, never another one of theirs [003]."""

from django.utils import timezone

from accounts.doctor import Place
from accounts.models import User
from establishments.models import AdministrativeBody, LegalEntity
from establishments.perimeter import Action
from orders.models import Beneficiary
from orders.models.beneficiary import BeneficiaryQuerySet
from orders.rules import is_served, served_regions
from orders.services.beneficiaries import enlist

ABOUT = ("establishment", "legal_entity", "region", "department", "category", "platform")


def ordering_for(user: User) -> Beneficiary | None:
    """The beneficiary of the profile in use, for who orders there or reads its quota.

    A place that became one since the list was refreshed enters it at once. None: the profile is
    not on a beneficiary under its ordering number, or does not allow it.
    """
    place = ordering_place_of(user)
    return enlisted(place) if place else None


def ordering_place_of(user: User) -> Place | None:
    """The place of the profile in use, beneficiary or not, where it may order or read quotas."""
    profile = user.active_profile
    if profile is None:
        return None
    if not (user.may(Action.ORD_WRITE) or user.may(Action.ORD_QUOTA_READ)):
        return None
    place: Place | None = profile.establishment or profile.legal_entity
    return place


def enlisted(place: Place) -> Beneficiary | None:
    """The row under which a place orders today; none once it is closed, before the night too."""
    if place.closed_on is not None and place.closed_on <= timezone.localdate():
        return None
    rows = _rows_of(place).select_related(*ABOUT)
    found: Beneficiary | None = rows.first()
    if found is None or not found.is_listed:
        found = rows.get() if enlist(place) else None
    return found


def _rows_of(place: Place) -> BeneficiaryQuerySet:
    key = "legal_entity" if isinstance(place, LegalEntity) else "establishment"
    found: BeneficiaryQuerySet = Beneficiary.objects.filter(**{key: place})
    return found


def agency_for(user: User) -> AdministrativeBody | None:
    """The ARS of the profile in use, where it may order on its regional pool."""
    profile = user.active_profile
    if profile is None or not user.may(Action.ORD_WRITE):
        return None
    body: AdministrativeBody | None = profile.body
    is_agency = body is not None and body.kind == AdministrativeBody.Kind.ARS
    return body if is_agency else None


def orders_today(user: User) -> bool:
    """Whether the profile in use orders: its place is on the list, or its ARS is served."""
    if not user.may(Action.ORD_WRITE):
        return False
    if agency := agency_for(user):
        return is_served(agency.region_id, served_regions(timezone.localdate()))
    place = ordering_place_of(user)
    return place is not None and bool(_rows_of(place).filter(is_listed=True).exists())
