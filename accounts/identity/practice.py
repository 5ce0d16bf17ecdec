"""Where a practitioner works, as Pro Santé Connect or ProConnect knows it, beside our profiles.

Pro Santé Connect lists the *exercices* and, in each, the *activités* with the FINESS number of the
site and of its legal entity; ProConnect gives the SIRET of the employer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import Profile, User
from common.identifiers import IdentifierError, normalize_finess
from establishments.models import Establishment, LegalEntity

MOST = 50  # more activities than anybody has: what follows is not read


@dataclass(frozen=True, slots=True)
class Activity:
    """A place of work told by the service: numbers may be missing, never wrong in their form."""

    name: str = ""
    site: str = ""
    entity: str = ""
    siret: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An activity beside what we know: the place in the directory, the profile of the person."""

    activity: Activity
    place: Establishment | LegalEntity | None
    profile: Profile | None

    @property
    def name(self) -> str:
        return str(self.place or self.activity.name or "Établissement sans nom")

    @property
    def is_usable(self) -> bool:
        return self.profile is not None and self.profile.state == Profile.State.ACTIVE


def activities_of(extra_data: Any) -> list[Activity]:
    """The places told, each once; what is not written as expected is left out."""
    told = extra_data.get("userinfo") if isinstance(extra_data, dict) else None
    if not isinstance(told, dict):
        return []
    found = [_activity(one) for one in _listed(told)[:MOST]]
    siret = str(told.get("siret") or "")
    if len(siret) == 14 and siret.isdigit():
        found.append(Activity(siret=siret))
    return [one for one in dict.fromkeys(found) if one.site or one.entity or one.siret]


def matches(user: User, activities: Iterable[Activity]) -> list[Match]:
    """Each activity with its place and, when the person has one there, the profile."""
    activities = list(activities)
    sites = {one.finess: one for one in _sites(activities)}
    by_siret = {one.siret: one for one in sites.values() if one.siret}
    numbers = [one.entity for one in activities if one.entity]
    entities = {one.finess: one for one in LegalEntity.objects.filter(finess__in=numbers)}
    held = user.profiles.filter(state__in=Profile.LIVING).select_related(
        "establishment", "legal_entity"
    )
    profiles = {one.finess: one for one in held.order_by("-state")}
    found = []
    for activity in activities:
        site = sites.get(activity.site) or by_siret.get(activity.siret)
        place = site or entities.get(activity.entity)
        around = [activity.site, activity.entity]
        if site is not None:
            around += [site.finess, site.legal_entity.finess]
        profile = next((profiles[one] for one in around if one in profiles), None)
        found.append(Match(activity, place, profile))
    return found


def _sites(activities: list[Activity]) -> list[Establishment]:
    numbers = [one.site for one in activities if one.site]
    sirets = [one.siret for one in activities if one.siret]
    wanted = Q(finess__in=numbers) | Q(siret__in=sirets)
    return list(Establishment.objects.filter(wanted).select_related("legal_entity"))


def _listed(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The activities of all the exercices, keys in small letters: their case has changed before."""
    subject = _small(told).get("subjectrefpro")
    exercices = _small(subject).get("exercices")
    return [
        _small(activity)
        for exercice in (exercices if isinstance(exercices, list) else [])
        for activity in _many(_small(exercice).get("activities"))
    ]


def _activity(told: dict[str, Any]) -> Activity:
    name = told.get("raisonsocialesite") or told.get("enseignecommercialesite") or ""
    return Activity(
        name=str(name)[:200],
        site=_finess(told.get("numerofinesssite")),
        entity=_finess(told.get("numerofinessetablissementjuridique")),
    )


def _finess(value: Any) -> str:
    try:
        return normalize_finess(value) if value else ""
    except IdentifierError:
        return ""


def _small(value: Any) -> dict[str, Any]:
    return {key.lower(): one for key, one in value.items()} if isinstance(value, dict) else {}


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
