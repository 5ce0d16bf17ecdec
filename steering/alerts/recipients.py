"""Who is written to: the people of the territory and of the domain, as often as each wants."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from accounts.models import Domain, Habilitation, Profile, Role
from establishments.models import AdministrativeBody
from steering.models import Alert, AlertDomain, AlertPreference, AlertScale

Kind = AdministrativeBody.Kind
Rhythm = AlertPreference.Rhythm
COUNTRY: Final = ""  # in a place to write to: the national cell
OPENED_BY: Final[Mapping[AlertDomain, Domain]] = {
    AlertDomain.EPI: Domain.EPI_STOCK,
    AlertDomain.MEDICINES: Domain.DISPOSTOCK,
    AlertDomain.ORDERS: Domain.DISTRILOG,
}
Desk = tuple[str, str]  # domain of alerts, code of region


@dataclass(frozen=True, slots=True)
class Recipient:
    """A profile, where its mails go, and how often it wants them."""

    profile_id: int
    address: str
    rhythm: str


def desk_of(alert: Alert) -> Desk:
    """An ARS looks at its region; the national cell at the country, and at what has no ARS."""
    if alert.scale == AlertScale.COUNTRY:
        return alert.domain, COUNTRY
    return alert.domain, alert.region_code


def recipients_of(alerts: Iterable[Alert]) -> dict[Desk, list[Recipient]]:
    """By desk, in one statement; those who want nothing are left out."""
    desks = {desk_of(one) for one in alerts}
    found: dict[Desk, dict[int, Recipient]] = defaultdict(dict)
    for right in rights_at(desks) if desks else ():
        profile = right.profile
        rhythm = rhythm_of(profile)
        if rhythm == Rhythm.NEVER:
            continue
        for desk in desks_of(right) & desks:
            found[desk][profile.pk] = Recipient(profile.pk, profile.mail_address, rhythm)
    return {desk: list(people.values()) for desk, people in found.items()}


def rights_at(desks: Iterable[Desk]) -> Iterable[Habilitation]:
    """What lets one acknowledge from these desks, in force today."""
    regions = {region for _, region in desks}
    domains = [OPENED_BY[AlertDomain(domain)] for domain, _ in desks]
    asked = Q(profile__body__kind=Kind.ARS, profile__body__region__in=regions - {COUNTRY}) & (
        Q(domain=Domain.ADMINISTRATION, role=Role.ADMINISTRATOR)
        | Q(domain__in=domains, role=Role.READER)
    )
    if COUNTRY in regions:
        asked |= Q(profile__body__kind=Kind.NATIONAL, domain__in=domains, role=Role.NATIONAL_CELL)
    rows = Habilitation.objects.in_force().filter(
        asked, profile__state=Profile.State.ACTIVE, profile__user__is_active=True
    )
    about = ("profile__user", "profile__body", "profile__alert_preference")
    found: Iterable[Habilitation] = rows.select_related(*about).order_by("profile", "pk")
    return found


def desks_of(right: Habilitation) -> set[Desk]:
    """An administrator of an ARS reads every domain."""
    body = right.profile.body
    region = COUNTRY if body.kind == Kind.NATIONAL else body.region_id
    if right.domain == Domain.ADMINISTRATION:
        return {(domain.value, region) for domain in AlertDomain}
    return {(own.value, region) for own, domain in OPENED_BY.items() if domain == right.domain}


def rhythm_of(profile: Profile) -> str:
    preference = getattr(profile, "alert_preference", None)
    return preference.rhythm if preference else Rhythm.AT_ONCE
