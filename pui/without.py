"""Sites that have no pharmacy of their own: to create one, or told which one serves them [001]."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action
from pui.models import Pui, ServedEstablishment
from pui.particular import Particular, particular_of

MOST_SITES = 30


@dataclass(frozen=True, slots=True)
class Site:
    """One site without a pharmacy, and the one that serves it, if any."""

    place: Establishment
    particular: Particular | None
    served_by: Pui | None


def reached_sites(user: User, to: Action = Action.PUI_READ) -> QuerySet[Establishment]:
    """The open sites of a person, with what their lines say."""
    sites: QuerySet[Establishment] = Establishment.objects.for_user(user, to=to).open()
    return sites.select_related("legal_entity", "category", "department").order_by(
        "sort_name", "finess"
    )


def sites_without(user: User) -> list[Site]:
    """Those that have none open, the first ones: one holds few."""
    today = timezone.localdate()
    own = Pui.objects.open_on(today).filter(establishment=OuterRef("pk"))
    sites = list(reached_sites(user).exclude(Exists(own))[:MOST_SITES])
    return told(sites)


def told(sites: Collection[Establishment]) -> list[Site]:
    """Each with the pharmacy that serves it, in one statement."""
    serving = serving_puis(sites)
    return [Site(one, particular_of(one), serving.get(one.pk)) for one in sites]


def serving_puis(sites: Collection[Establishment]) -> dict[int, Pui]:
    """By establishment, as ``serving_pui`` says of each one that has no pharmacy of its own."""
    today = timezone.localdate()
    rows = (
        ServedEstablishment.objects.in_force(today)
        .filter(establishment__in=sites, pui__in=Pui.objects.open_on(today))
        .select_related("pui__establishment")
        .order_by("-starts_on", "-pk")
    )
    return {one.establishment_id: one.pui for one in rows}


def entity_without_site(user: User) -> LegalEntity | None:
    """The entity of the profile in use when FINESS gives it no open site: often a group (GCS)."""
    profile = user.active_profile
    entity = profile.legal_entity if profile else None
    if entity is None or entity.establishments.open().exists():
        return None
    return entity
