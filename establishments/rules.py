"""What follows from the directory: public or private, beneficiary or not, which number orders.

Each answer carries its reason, written for the person, so that screens and refusals say the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.identifiers import format_finess
from establishments.models import BeneficiaryCategory, Establishment, LegalEntity
from establishments.models.search import plain_words

SPH_PUBLIC, SPH_OTHER = "1", "9"
FIRE_ACTIVITY = "8425Z"  # « Services du feu et de secours »: the only one FINESS has for them
PUBLIC_SIRET = ("1", "2")


class FinessKind(StrEnum):
    """The two kinds of FINESS numbers."""

    SITE = "ET"
    ENTITY = "EJ"


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, and why."""

    yes: bool
    why: str


@dataclass(frozen=True, slots=True)
class OrderingNumber:
    """The number that serves for orders, of which kind it is, and why that one [003]."""

    finess: str
    kind: FinessKind
    why: str

    @property
    def text(self) -> str:
        return format_finess(self.finess)


def is_public(establishment: Establishment) -> bool | None:
    """Whether the establishment is public; None where FINESS does not tell.

    The legal status decides when it is known (30 or less is public). With the file of
    establishments alone: SPH 1 is public, any other value but 9 private; blank or 9, a SIRET that
    begins with 1 or 2 is public, any other private (fact, 3,863 of 3,886 hospitals right).
    """
    status = establishment.legal_entity.legal_status
    if status is not None:
        return status.is_public
    if establishment.sph_code not in ("", SPH_OTHER):
        return establishment.sph_code == SPH_PUBLIC
    if not establishment.siret:
        return None
    return establishment.siret.startswith(PUBLIC_SIRET)


def status_in_words(establishment: Establishment) -> str:
    return {True: "public", False: "privé", None: "statut inconnu"}[is_public(establishment)]


def ordering_number(establishment: Establishment, open_sites: int | None = None) -> OrderingNumber:
    """Say which number serves for orders [003]: the entity's when it is public with several sites.

    ``open_sites`` is the number of open establishments of the entity, when the caller knows it.
    """
    entity = establishment.legal_entity
    if open_sites is None:
        open_sites = entity.establishments.open().count()
    public = is_public(establishment)
    if public and open_sites > 1:
        why = (
            f"L’établissement est public et son entité juridique compte {open_sites} "
            "établissements ouverts : les commandes se font au numéro de l’entité juridique (EJ)."
        )
        return OrderingNumber(entity.finess, FinessKind.ENTITY, why)
    return OrderingNumber(establishment.finess, FinessKind.SITE, _why_its_own(public))


def is_beneficiary(establishment: Establishment, on: date) -> Answer:
    """Whether the establishment may be served by the State stock on that day [003]."""
    category = establishment.category
    if establishment.closed_on is not None and establishment.closed_on <= on:
        return Answer(False, f"Il est fermé depuis le {establishment.closed_on:%d/%m/%Y}.")
    if not BeneficiaryCategory.objects.in_force(on).filter(category=category).exists():
        return Answer(False, f"Sa catégorie ({category}) n’est pas bénéficiaire.")
    return Answer(True, f"Sa catégorie ({category}) est bénéficiaire.")


def is_beneficiary_entity(entity: LegalEntity, on: date) -> Answer:
    """An entity is a beneficiary when at least one of its open establishments is."""
    categories = beneficiary_categories(on)
    sites = entity.establishments.open().filter(category__in=categories)
    count = sites.count()
    if not count:
        return Answer(
            False, "Aucun de ses établissements ouverts n’est d’une catégorie bénéficiaire."
        )
    told = (
        "un de ses établissements ouverts est"
        if count == 1
        else (f"{count} de ses établissements ouverts sont")
    )
    return Answer(True, f"{told[0].upper()}{told[1:]} d’une catégorie bénéficiaire.")


def beneficiaries(
    places: Iterable[Establishment | LegalEntity], on: date
) -> set[Establishment | LegalEntity]:
    """Those that are, as the two above tell of one, in two statements whatever their number."""
    places, categories = set(places), beneficiary_categories(on)
    entities = {place.pk for place in places if isinstance(place, LegalEntity)}
    sites = Establishment.objects.open().filter(legal_entity__in=entities, category__in=categories)
    served = set(sites.order_by().values_list("legal_entity", flat=True))
    return {
        place
        for place in places
        if (isinstance(place, LegalEntity) and place.pk in served)
        or (isinstance(place, Establishment) and _is_served(place, categories, on))
    }


def _is_served(establishment: Establishment, categories: frozenset[str], on: date) -> bool:
    is_closed = establishment.closed_on is not None and establishment.closed_on <= on
    return establishment.category_id in categories and not is_closed


def beneficiary_categories(on: date) -> frozenset[str]:
    """Codes of the categories that may order on that day."""
    in_force = BeneficiaryCategory.objects.in_force(on)
    return frozenset(in_force.values_list("category_id", flat=True))


def is_fire_service(place: Establishment | LegalEntity) -> bool:
    """Whether it is a fire service (SIS) [001]; an entity is one by any of its open sites.

    FINESS has no category for them (355, 698 and 699 are seen) and a fictitious number has no
    activity code: the name tells then, « SDIS » or the words « incendie » and « secours ».
    """
    return bool(fire_services([place]))


def fire_services(
    places: Iterable[Establishment | LegalEntity],
) -> set[Establishment | LegalEntity]:
    """Those that are fire services, in one statement whatever their number."""
    places = set(places)
    found = {place for place in places if _is_known_fire_service(place)}
    entities = {place.pk for place in places - found if isinstance(place, LegalEntity)}
    sites = Establishment.objects.open().filter(legal_entity__in=entities).order_by()
    named = sites.only("legal_entity", "name", "long_name", "ape_code")
    by_site = {site.legal_entity_id for site in named if _is_known_fire_service(site)}
    return found | {
        place for place in places if isinstance(place, LegalEntity) and place.pk in by_site
    }


def _is_known_fire_service(place: Establishment | LegalEntity) -> bool:
    """By itself: its activity, when it is a site, or its name."""
    if isinstance(place, Establishment) and place.ape_code == FIRE_ACTIVITY:
        return True
    return _is_named_fire_service(place)


def _is_named_fire_service(place: Establishment | LegalEntity) -> bool:
    words = set(plain_words(f"{place.name} {place.long_name}"))
    return "sdis" in words or words >= {"incendie", "secours"}


def _why_its_own(public: bool | None) -> str:
    if public:
        return (
            "L’établissement est public et le seul ouvert de son entité juridique : "
            "les commandes se font à son propre numéro (ET)."
        )
    if public is None:
        return (
            "FINESS ne dit pas si l’établissement est public ou privé : par défaut, "
            "les commandes se font à son propre numéro (ET)."
        )
    return "L’établissement est privé : les commandes se font à son propre numéro (ET)."
