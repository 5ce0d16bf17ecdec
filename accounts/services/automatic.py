"""The habilitations that a rule gives by itself (`domain.md` §3): visible, dated, told, revocable.

They follow a habilitation that somebody decided, and never outlive it. One that a person took back
is never given again by a rule. A group without APE (GCS) is no such case: its APE is designated,
which may be that of the establishment where its pharmacy stands [001].
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.deciders import has_administrator
from accounts.grants import code_of
from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.notices import Notice, notify
from accounts.services.ended import release_ended
from establishments.models import AdministrativeBody
from establishments.rules import is_beneficiary, is_beneficiary_entity, is_fire_service
from journal.services import record

State = Habilitation.State
OF_BENEFICIARY = (
    "Accordée d’office : l’administrateur principal d’un établissement bénéficiaire commande."
)
OF_ARS = "Accordée d’office : l’administrateur de l’ARS commande pour le pot commun de la région."
OF_FIRE_SERVICE = (
    "Accordée d’office : dans un service d’incendie et de secours sans administrateur, le "
    "pharmacien gestionnaire de fichiers est aussi l’administrateur principal."
)
OF_FORMER_DOMAIN = (
    "Accordée d’office : le rôle de gestionnaire de fichiers était tenu dans l’ancien domaine "
    "Médicaments."
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a rule gives, why, and until when: as long as what it follows."""

    domain: Domain
    role: Role
    reason: str
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def grant_automatic(profile: Profile, *, by: User | None) -> list[Habilitation]:
    """Give what the rules give to this profile and that it lacks; the list is often empty.

    ``by`` is who decided what the rules follow from: the journal names them.
    """
    profile = _locked(profile)
    release_ended(profile)
    given: list[Habilitation] = []
    while found := _given(profile, _due(profile), by):  # an APE by one rule orders by another
        given += found
    return given


@transaction.atomic
def grant_former_gf(profile: Profile) -> list[Habilitation]:
    """Give GF Dispostock to who held GF in the old domain [001], then what follows from it."""
    profile = _locked(profile)
    release_ended(profile)
    former = Grant(Domain.DISPOSTOCK, Role.DECLARANT, OF_FORMER_DOMAIN)
    return [*_given(profile, iter([former]), None), *grant_automatic(profile, by=None)]


def withdraw_automatic(profile: Profile, *, by: User | None, reason: str) -> list[Habilitation]:
    """Take back the orders that came with the administration, when that was just taken back.

    Taken back by the rule that gave it, it may be given again by it.
    """
    if any(grant.role == Role.ORDER_OPERATOR for grant in _due(profile)):
        return []
    orders = profile.habilitations.filter(
        state=State.ACTIVE, is_automatic=True, role=Role.ORDER_OPERATOR
    )
    withdrawn = list(orders)
    for right in withdrawn:
        right.state, right.reason = State.REVOKED, reason
        right.decided_at, right.decided_by = timezone.now(), None
        right.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        _record("account.habilitation_revoked", profile, right, by, reason)
        notify(Notice.HABILITATION_REVOKED, right.pk)
    return withdrawn


def follow_end(right: Habilitation, former: date | None, *, by: User | None) -> None:
    """The orders that came with an administration end with it, when its last day has just changed.

    Those that somebody had made shorter stay so. The caller holds the lock of the profile.
    """
    if right.role != Role.ADMINISTRATOR:
        return
    orders = right.profile.habilitations.filter(
        state=State.ACTIVE, is_automatic=True, role=Role.ORDER_OPERATOR
    )
    for one in orders:
        before = one.ends_on
        is_longer = right.ends_on and (before is None or before > right.ends_on)
        if before == right.ends_on or not (before == former or is_longer):
            continue
        one.ends_on = right.ends_on
        one.save(update_fields=["ends_on"])
        reason = f"Suit le dernier jour de «\u00a0{right}\u00a0»."
        days = {"before": _told(before), "after": _told(one.ends_on)}
        _record("account.habilitation_changed", right.profile, one, by, reason, **days)
        notify(Notice.HABILITATION_CHANGED, one.pk)


def _told(ends_on: date | None) -> dict[str, str]:
    return {"ends_on": ends_on.isoformat()} if ends_on else {}


def _due(profile: Profile) -> Iterator[Grant]:
    """What the rules give for the habilitations of the profile, whether or not it has it."""
    if profile.state != Profile.State.ACTIVE:
        return
    for right in _living(profile):
        if right.state != State.ACTIVE:
            continue
        match code_of(right, profile), right.role:
            case "APE", Role.ADMINISTRATOR if _is_beneficiary(profile):
                yield _following(right, Domain.DISTRILOG, Role.ORDER_OPERATOR, OF_BENEFICIARY)
            case "ARA", _:
                yield _following(right, Domain.DISTRILOG, Role.ORDER_OPERATOR, OF_ARS)
            case "GF", _ if _is_fire_service_to_administer(profile):
                yield _following(right, Domain.ADMINISTRATION, Role.ADMINISTRATOR, OF_FIRE_SERVICE)


def _following(right: Habilitation, domain: Domain, role: Role, reason: str) -> Grant:
    return Grant(domain, role, reason, right.starts_on, right.ends_on)


def _is_beneficiary(profile: Profile) -> bool:
    today = timezone.localdate()
    if profile.establishment:
        return is_beneficiary(profile.establishment, today).yes
    assert profile.legal_entity is not None  # noqa: S101 - told by the constraint
    return is_beneficiary_entity(profile.legal_entity, today).yes


def _is_fire_service_to_administer(profile: Profile) -> bool:
    """Nobody administers it yet: an APE there would otherwise make others by giving GF."""
    entity = profile.entity
    if isinstance(entity, AdministrativeBody):
        return False
    return is_fire_service(entity) and not has_administrator(entity)


def _given(profile: Profile, grants: Iterator[Grant], by: User | None) -> list[Habilitation]:
    held = {(right.domain, right.role) for right in _living(profile)}
    refused = _taken_back(profile)
    given = [
        _give(profile, grant, by)
        for grant in grants
        if (grant.domain, grant.role) not in held | refused
    ]
    if given:
        profile.user.forget_rights()
    return given


def _give(profile: Profile, grant: Grant, by: User | None) -> Habilitation:
    today = timezone.localdate()
    right = Habilitation.objects.create(
        profile=profile,
        domain=grant.domain,
        role=grant.role,
        state=State.ACTIVE,
        starts_on=max(today, grant.starts_on or today),
        ends_on=grant.ends_on,
        decided_at=timezone.now(),
        reason=grant.reason,
        is_automatic=True,
    )
    _record("account.habilitation_granted", profile, right, by, grant.reason)
    notify(Notice.HABILITATION_GRANTED, right.pk)
    return right


def _living(profile: Profile) -> list[Habilitation]:
    """Pending or active: read again each time, for a rule may just have added one."""
    return list(profile.habilitations.filter(state__in=[State.PENDING, State.ACTIVE]))


def _taken_back(profile: Profile) -> set[tuple[str, str]]:
    """What a person took back from this person here, also on an earlier profile."""
    rights = Habilitation.objects.filter(
        profile__user=profile.user_id,
        profile__establishment=profile.establishment_id,
        profile__legal_entity=profile.legal_entity_id,
        profile__body=profile.body_id,
        state=State.REVOKED,
        decided_by__isnull=False,
    )
    return set(rights.values_list("domain", "role"))


def _locked(profile: Profile) -> Profile:
    entities = ("user", "establishment__legal_entity", "legal_entity", "body")
    rows = Profile.objects.select_for_update(of=["self"]).select_related(*entities)
    locked: Profile = rows.get(pk=profile.pk)
    return locked


def _record(
    verb: str,
    profile: Profile,
    right: Habilitation,
    by: User | None,
    reason: str,
    **days: Any,
) -> None:
    record(
        verb,
        by=by,
        target=f"{profile.user.username} · {profile}",
        place=None if profile.body_id else profile.entity,
        habilitation=str(right),
        automatic=True,
        reason=reason,
        **days,
    )
