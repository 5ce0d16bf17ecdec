"""Sites whose pharmacy follows rules of its own [001]: groups (GCS), fire services (SIS)."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from establishments.models import Establishment, LegalEntity
from establishments.models.search import plain_words
from establishments.rules import is_fire_service
from pui.addresses import has_address

GROUP_CATEGORIES: Final = ("695", "696", "697")
GROUP_STATUSES: Final = ("29", "89")


@dataclass(frozen=True, slots=True)
class Particular:
    """What is particular, in a word, and what it changes."""

    word: str
    text: str


GROUP = Particular(
    "GCS",
    "La PUI d’un groupement de coopération sanitaire (GCS) est celle du groupement qui en tient "
    "l’autorisation\u00a0: elle est au site (FINESS ET) où elle est implantée, rattaché à l’entité "
    "juridique (FINESS EJ) du GCS, même si le bâtiment est celui d’un hôpital membre. Un GCS n’a "
    "pas d’APE d’office\u00a0: celui de l’établissement d’implantation peut l’être aussi.",
)
FIRE_SERVICE = Particular(
    "SIS",
    "Un service d’incendie et de secours (SIS) n’est pas un établissement de santé\u00a0: il a ici "
    "un numéro FINESS fictif, sans adresse à laquelle comparer. Le pharmacien de la PUI est à la "
    "fois gestionnaire de fichiers (GF) et administrateur principal (APE).",
)


def particular_of(site: Establishment) -> Particular | None:
    """The entity is read with the site: ``select_related("legal_entity")``."""
    if is_group(site):
        return GROUP
    return FIRE_SERVICE if is_of_fire_service(site) else None


def is_group(site: Establishment) -> bool:
    return (
        site.category_id in GROUP_CATEGORIES
        or is_group_entity(site.legal_entity)
        or "gcs" in plain_words(site.name)
    )


def is_of_fire_service(site: Establishment) -> bool:
    """By the site, else by the name of its entity alone: a list asks it of each row."""
    words = set(plain_words(site.legal_entity.name))
    return is_fire_service(site) or "sdis" in words or words >= {"incendie", "secours"}


def is_group_entity(entity: LegalEntity) -> bool:
    return entity.legal_status_id in GROUP_STATUSES or "gcs" in plain_words(entity.name)


def groups_at(site: Establishment) -> QuerySet[Establishment]:
    """The open sites of groups at the same address: their pharmacy is theirs, not the host's."""
    if not has_address(site) or is_group(site):
        return Establishment.objects.none()
    groups = Q(category__in=GROUP_CATEGORIES) | Q(legal_entity__legal_status__in=GROUP_STATUSES)
    found: QuerySet[Establishment] = (
        Establishment.objects.open()
        .filter(groups, address__iexact=site.address, postal_code=site.postal_code)
        .exclude(legal_entity=site.legal_entity_id)
    )
    return found.select_related("legal_entity").order_by("sort_name")[:3]
