"""Sites that have no pharmacy of their own: to create one, or told which one serves them [001]."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Domain, Habilitation, Profile, Role, User
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


def lacks_declarant(user: User) -> bool:
    """Whether nobody declares yet for the sites of an administrator (APE), who can invite one."""
    if not user.may(Action.PROF_DECIDE_ETAB):
        return False
    sites = Establishment.objects.for_user(user, to=Action.PROF_DECIDE_ETAB).order_by()
    held = Habilitation.objects.in_force().filter(
        Q(profile__establishment__in=sites)
        | Q(profile__legal_entity__in=sites.values("legal_entity")),
        domain=Domain.DISPOSTOCK,
        role=Role.DECLARANT,
        profile__state=Profile.State.ACTIVE,
    )
    return not held.exists()
