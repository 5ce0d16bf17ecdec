"""The main site (*établissement principal*) of an entity, which the public files do not carry."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Case, F, Value, When

from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action, Holder
from journal.services import record

HOSPITALS = "11"  # aggregates of the categories under the hospital law


class MainSiteError(Exception):
    """This establishment cannot be the main one. The message is for the person, in French."""


def proposed_main_site(entity: LegalEntity) -> Establishment | None:
    """The known main site, else the likely one: a hospital first, then the oldest (choice)."""
    is_hospital = Case(When(category__aggregate_code__startswith=HOSPITALS, then=0), default=1)
    return (
        Establishment.objects.open()
        .filter(legal_entity=entity)
        .select_related("category")
        .order_by(
            Case(When(is_main=True, then=Value(0)), default=Value(1)),
            is_hospital,
            F("opened_on").asc(nulls_last=True),
            "finess",
        )
        .first()
    )


def may_choose_main_site(person: Holder, entity: LegalEntity) -> bool:
    """Whether a person decides for the whole entity: the choice binds all its open sites.

    An administrator of one site among several does not, nor the ARS of another region.
    """
    perimeter = person.perimeter_to(Action.PROF_DECIDE_ETAB)
    if not perimeter:
        return False
    if entity.pk in perimeter.legal_entity_ids or entity.region_id in perimeter.region_codes:
        return True
    sites = Establishment.objects.open().filter(legal_entity=entity)
    held = sites.within(perimeter).count()
    return held > 0 and held == sites.count()


def sites_to_choose_from(person: Holder, entity: LegalEntity) -> frozenset[int]:
    """The open sites of an entity that a person may make the main one; empty without the right."""
    if not may_choose_main_site(person, entity):
        return frozenset()
    sites = Establishment.objects.for_user(person, to=Action.PROF_DECIDE_ETAB).open()
    return frozenset(sites.filter(legal_entity=entity).values_list("pk", flat=True))


@transaction.atomic
def set_main_site(establishment: Establishment, *, by: AbstractBaseUser) -> Establishment:
    """Make an open establishment the main one of its entity, in place of the former.

    The entity is locked: two people choosing at once leave one main site.
    """
    entity = LegalEntity.objects.select_for_update().get(pk=establishment.legal_entity_id)
    establishment.refresh_from_db()
    if not establishment.is_open:
        raise MainSiteError(
            f"{establishment} est fermé : choisissez un établissement ouvert de {entity}."
        )
    former = entity.establishments.filter(is_main=True).first()
    if former == establishment:
        return establishment
    if former is not None:
        former.is_main = False
        former.save(update_fields=["is_main"])
    establishment.is_main = True
    establishment.save(update_fields=["is_main"])
    record(
        "establishment.main_site_set",
        by=by,
        target=establishment,
        place=establishment,
        before=former.finess if former else "",
        after=establishment.finess,
    )
    return establishment
