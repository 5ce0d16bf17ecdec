"""Who a message reaches, worked out from the habilitations of the day, in both directions.

``reached_by`` gives the profiles of a message, ``addressed_to`` the messages of some profiles: a
test holds that they agree. Nothing is written at the sending: who arrives later reads what is
still in force, who leaves reads no more.

An entity is of a territory by itself, as everywhere on the platform: one of its sites does not
bring it. An ARS and an OMEDIT are of each department of their region; a national service, which is
of no territory, is reached wherever a message goes when its role is chosen. Categories choose
among establishments alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from accounts.grants import kind_of
from accounts.models import Habilitation, Profile
from common.kept import KeptByKey
from establishments.models import AdministrativeBody, Department, Establishment
from steering.messages.roles import NATIONAL_KINDS, SITE_KEYS, key_held, rights_q
from steering.models import Message

Kind = AdministrativeBody.Kind
REGIONAL_KINDS = (Kind.ARS, Kind.OMEDIT)
DEPARTMENTS = KeptByKey[dict[str, list[str]]]()


def keys_of(message: Message) -> Collection[str]:
    """The roles chosen; with categories alone, all those of an establishment."""
    return message.roles or SITE_KEYS


def reached_by(message: Message) -> QuerySet[Profile]:
    """The active profiles of people whose account is open, each once."""
    rights = Habilitation.objects.in_force().filter(rights_q(keys_of(message)))
    found: QuerySet[Profile] = Profile.objects.usable().filter(
        category_q(message),
        territory_q(message),
        pk__in=rights.values("profile"),
        user__is_active=True,
        user__closed_at__isnull=True,
    )
    return found


def category_q(message: Message) -> Q:
    if not message.category_codes:
        return Q()
    sites = Establishment.objects.open().filter(category__in=message.category_codes)
    return (
        Q(body__isnull=False)
        | Q(establishment__category__in=message.category_codes)
        | Q(legal_entity__in=sites.values("legal_entity"))
    )


def territory_q(message: Message) -> Q:
    if message.is_countrywide:
        return Q()
    found = Q(body__kind__in=NATIONAL_KINDS) | in_regions(message.region_codes)
    if codes := message.department_codes:
        regions = Department.objects.filter(pk__in=codes).values("region")
        found |= Q(establishment__department__in=codes)
        found |= Q(legal_entity__department__in=codes)
        found |= Q(body__department__in=codes)
        found |= Q(body__kind__in=REGIONAL_KINDS, region__in=regions)
    return found


def in_regions(codes: Collection[str]) -> Q:
    """The profiles of these regions; a departmental council is of that of its department."""
    return Q(region__in=codes) | Q(body__department__region__in=codes)


def addressed_to(profiles: Collection[Profile]) -> Q:
    """Select the messages that reach one of these profiles, read with their rights."""
    found = Q(pk__in=[])
    categories = _categories(one for one in profiles if one.legal_entity_id)
    departments = _departments(profiles)
    for profile in profiles:
        kind = kind_of(profile)
        if keys := sorted({key_held(right, kind) for right in profile.rights} - {""}):
            found |= (
                _roles_q(profile, keys)
                & _categories_q(profile, categories)
                & _territories_q(profile, departments)
            )
    return found


def matched_keys(message: Message, profile: Profile) -> set[str]:
    """Under which of its roles a profile is reached."""
    kind = kind_of(profile)
    return {key_held(right, kind) for right in profile.rights} & set(keys_of(message))


def _roles_q(profile: Profile, keys: list[str]) -> Q:
    named = Q(roles__overlap=keys)
    return named if profile.body_id else named | Q(roles=[])


def _categories_q(profile: Profile, categories: dict[int, list[str]]) -> Q:
    if profile.body_id:
        return Q()
    if profile.establishment_id:
        own = [profile.establishment.category_id]
    else:
        own = categories[profile.legal_entity_id]
    return Q(category_codes=[]) | Q(category_codes__overlap=own)


def _territories_q(profile: Profile, departments: dict[str, list[str]]) -> Q:
    if profile.body and profile.body.kind in NATIONAL_KINDS:
        return Q()
    region, own = _territory(profile, departments)
    found = Q(is_countrywide=True) | Q(department_codes__overlap=own)
    return found | Q(region_codes__contains=[region]) if region else found


def _territory(profile: Profile, departments: dict[str, list[str]]) -> tuple[str | None, list[str]]:
    """Its region and its departments."""
    entity = profile.entity
    if profile.body and profile.body.kind in REGIONAL_KINDS:
        return entity.region_id, departments[entity.region_id]
    own = [entity.department_id] if entity.department_id else []
    if profile.body and own:
        return entity.region_id or entity.department.region_id, own
    return entity.region_id, own


def _categories(profiles: Iterable[Profile]) -> dict[int, list[str]]:
    """By number of legal entity, the categories of its open sites."""
    numbers = [one.legal_entity_id for one in profiles]
    found: dict[int, list[str]] = defaultdict(list)
    if numbers:
        sites = Establishment.objects.open().filter(legal_entity__in=numbers).order_by()
        for entity, code in sites.values_list("legal_entity", "category").distinct():
            found[entity].append(code)
    return found


def _departments(profiles: Iterable[Profile]) -> dict[str, list[str]]:
    """By code of region, its departments, for those who are of a whole region."""
    codes = frozenset(
        one.body.region_id for one in profiles if one.body and one.body.kind in REGIONAL_KINDS
    )
    return DEPARTMENTS.value(codes, lambda: _departments_of(codes)) if codes else {}


def _departments_of(codes: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    rows = Department.objects.filter(region__in=codes).order_by("pk")
    for region, code in rows.values_list("region", "pk"):
        found[region].append(code)
    return found
