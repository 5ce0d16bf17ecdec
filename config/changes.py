"""« Ce qui a changé depuis votre visite »: what others did that concerns a person.

The journal is read once for the verbs that all the apps tell (`establishments/told.py`); what is in
no journal (a class that changes, a quota renewed) comes from ``home.changes`` of each app.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet, Value

from accounts.models import User
from common.home import Change
from common.installed import modules
from common.kept import KeptByKey
from config import home
from establishments.models import Establishment, LegalEntity, Region
from establishments.perimeter import Perimeter
from establishments.told import Fact, Scope, Told
from journal.models import Entry

MOST = 200  # read of each kind: a page of changes is no journal
NOBODY = "Le système"
FIELDS = (
    "pk",
    "at",
    "verb",
    "by__first_name",
    "by__last_name",
    "by__username",
    "profile",
    "target",
    "finess",
    "region_code",
    "details",
    "arm",
)


def _region_names() -> dict[str, str]:
    return dict(Region.objects.values_list("pk", "name"))


REGIONS = KeptByKey[dict[str, str]]()


@dataclass(frozen=True, slots=True)
class Arm:
    """The verbs to look for in one way: everywhere, in a perimeter, about oneself."""

    scope: Scope
    perimeter: Perimeter
    told: dict[str, list[Told]]


def changes_for(user: User, since: datetime, marks: dict[str, str]) -> list[Change]:
    """All that is told, the latest first; as many queries whatever their number."""
    if user.active_profile is None:
        return []
    found = [*from_journal(user, since), *home.changes(user, since, marks)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def from_journal(user: User, since: datetime) -> list[Change]:
    arms = arms_of(user)
    rows = list(_entries(user, since, arms))
    places = _places({row["finess"] for row in rows})
    regions = _regions({row["region_code"] for row in rows})
    people = _people({row["target"].partition(" · ")[0] for row in rows}, rows)
    changes, families = [], set()
    for row in rows:
        fact = _fact(row, places, regions, people)
        told = next((one for one in arms[row["arm"]].told[row["verb"]] if one.concerns(fact)), None)
        if told is None or (told.family and (told.family, fact.target) in families):
            continue
        families.add((told.family, fact.target))
        url = told.url(fact) if told.url else ""
        changes.append(Change(fact.at, told.text(fact), url, told.link_label))
    return changes


def arms_of(user: User) -> list[Arm]:
    """What to look for, and where, the nearest first; nothing where this person holds nothing."""
    found: dict[tuple[Scope, Perimeter], dict[str, list[Told]]] = {}
    for told in _every_told():
        if told.also and not any(map(user.may, told.also)):
            continue
        held = next(filter(None, (user.perimeter_to(action) for action in told.to)), None)
        for scope in Scope:
            if scope not in told.scopes:
                continue
            where = _region_of(user, held) if scope is Scope.REGION else _narrowed(scope, held)
            if where is not None:
                found.setdefault((scope, where), {}).setdefault(told.verb, []).append(told)
    ranked = sorted(found.items(), key=lambda one: list(Scope).index(one[0][0]))
    return [Arm(scope, where, told) for (scope, where), told in ranked]


def _region_of(user: User, held: Perimeter | None) -> Perimeter | None:
    """The region where the profile in use is, whatever the part of it that it holds."""
    region = user.active_profile.region_id if user.active_profile else None
    return Perimeter(region_codes=frozenset([region])) if held and region else None


def _narrowed(scope: Scope, held: Perimeter | None) -> Perimeter | None:
    """The part of a perimeter that a scope looks at; None: nothing to look for."""
    if scope is Scope.SELF:
        return Perimeter()
    if held is None:
        return None
    match scope:
        case Scope.SITE:
            own = held.establishment_ids, held.legal_entity_ids
            part = Perimeter(establishment_ids=own[0], legal_entity_ids=own[1])
            return part or None
        case Scope.TERRITORY:
            part = Perimeter(region_codes=held.region_codes, department_codes=held.department_codes)
            return part or None
        case Scope.COUNTRY:
            return Perimeter(is_national=True) if held.is_national else None
    return Perimeter()


def _entries(user: User, since: datetime, arms: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    """Each entry once, the latest first, by the nearest reason it concerns this person."""
    if not arms:
        return
    parts = [_part(user, since, number, arm) for number, arm in enumerate(arms)]
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    nearest: dict[int, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda one: one["arm"]):
        nearest.setdefault(row["pk"], row)
    yield from sorted(nearest.values(), key=lambda one: (one["at"], one["pk"]), reverse=True)


def _part(user: User, since: datetime, number: int, arm: Arm) -> QuerySet[Entry, dict[str, Any]]:
    """Never one's own acts."""
    rows = Entry.objects.filter(_where(user, arm), verb__in=arm.told, at__gt=since)
    others = rows.filter(Q(by=None) | ~Q(by=user))
    return others.annotate(arm=Value(number)).values(*FIELDS).order_by("-at", "-pk")[:MOST]


def _where(user: User, arm: Arm) -> Q:
    match arm.scope:
        case Scope.SELF:
            return Q(target=user.username) | Q(target__startswith=f"{user.username} · ")
        case Scope.SITE:
            return Q(finess__in=_numbers(arm.perimeter))
        case Scope.TERRITORY:
            regions, departments = arm.perimeter.region_codes, arm.perimeter.department_codes
            return Q(region_code__in=regions) | Q(department_code__in=departments)
        case Scope.REGION:
            return Q(finess="", region_code__in=arm.perimeter.region_codes)
        case Scope.COUNTRY:
            return Q()
    return Q(finess="", region_code="")


def _numbers(perimeter: Perimeter) -> list[str]:
    """The FINESS numbers of one's places, sites and legal entities, in one query."""
    entities = perimeter.legal_entity_ids
    sites = Establishment.objects.filter(
        Q(pk__in=perimeter.establishment_ids) | Q(legal_entity__in=entities)
    )
    above = LegalEntity.objects.filter(pk__in=entities)
    numbers = sites.order_by().values_list("finess", flat=True)
    return list(numbers.union(above.order_by().values_list("finess", flat=True)))


def _fact(row: dict[str, Any], places: dict[str, str], regions: dict[str, str], people) -> Fact:
    details = row["details"]
    after = details.get("after")
    if isinstance(after, dict):
        details = after | details
    return Fact(
        at=row["at"],
        who=_who(row),
        target=row["target"],
        place=places.get(row["finess"], ""),
        region=regions.get(row["region_code"], ""),
        person=people.get(row["target"].partition(" · ")[0], "Quelqu’un"),
        finess=row["finess"],
        details=details,
    )


def _who(row: dict[str, Any]) -> str:
    """« Thomas Girard (ARS Centre-Val de Loire) »: an administration is named, a site is known."""
    name = f"{row['by__first_name'] or ''} {row['by__last_name'] or ''}".strip()
    name = name or row["by__username"] or NOBODY
    body = row["profile"]
    return f"{name} ({body})" if body and "(" not in body else name


def _places(numbers: set[str]) -> dict[str, str]:
    sites = Establishment.objects.filter(finess__in=numbers).order_by()
    entities = LegalEntity.objects.filter(finess__in=numbers).order_by()
    return dict(sites.values_list("finess", "name").union(entities.values_list("finess", "name")))


def _regions(codes: set[str]) -> dict[str, str]:
    return REGIONS.value("names", _region_names) if codes - {""} else {}


def _people(usernames: set[str], rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Whose account or profile each entry of « account » is about."""
    if not any(row["verb"].startswith("account.") for row in rows):
        return {}
    return {one.username: str(one) for one in User.objects.filter(username__in=usernames)}


@cache
def _every_told() -> tuple[Told, ...]:
    """What the ``told`` module of each of our apps lists."""
    listing = [module for module in modules("told") if hasattr(module, "TOLD")]
    return tuple(one for module in listing for one in module.TOLD)
