"""What stands on something else ends with it: a request with its profile, a right that a rule gave.

A request is withdrawn by its owner, or because the profile itself stops; it is closed as answered
when a code gave what it asked for. What a rule gave for a habilitation goes with that habilitation,
unless another one still gives it; it shortens with it too (``domain.md`` §3).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import AccessRequest, Domain, Habilitation, Profile, Role, User
from accounts.notices import Notice, notify
from journal.services import record

State = Habilitation.State
# what the rules of ``automatic`` give, and what they give it for, on the same profile
FOLLOWS = {
    (Domain.DISTRILOG, Role.ORDER_OPERATOR): (Domain.ADMINISTRATION, Role.ADMINISTRATOR),
    (Domain.ADMINISTRATION, Role.ADMINISTRATOR): (Domain.DISPOSTOCK, Role.DECLARANT),
}


def withdraw_request(profile: Profile, *, by: User | None, reason: str) -> AccessRequest | None:
    """Close the request that waits on a profile, with what it asked for; none: nothing happens.

    The caller holds the lock of the profile, inside a transaction.
    """
    waiting = AccessRequest.objects.open().filter(profile=profile)
    request: AccessRequest | None = waiting.select_for_update(of=["self"]).first()
    if request is None:
        return None
    now = timezone.now()
    request.habilitations.filter(state=Habilitation.State.PENDING).update(
        state=Habilitation.State.REVOKED, decided_at=now, reason=reason
    )
    request.closed_at, request.decided_by = now, by
    request.outcome, request.reason = AccessRequest.Outcome.CANCELLED, reason
    request.save(update_fields=["closed_at", "decided_by", "outcome", "reason"])
    record(
        "account.request_cancelled",
        by=by,
        target=f"{profile.user.username} · {profile}",
        place=None if profile.body_id else profile.entity,
        reason=reason,
    )
    return request


def close_answered(profile: Profile, *, by: User, reason: str) -> AccessRequest | None:
    """Close as accepted the request that waits on a profile when nothing of it is left to decide.

    Part of it left, it waits for the rest. The person is told. The caller holds the lock.
    """
    waiting = AccessRequest.objects.open().filter(profile=profile)
    request: AccessRequest | None = waiting.select_for_update(of=["self"]).first()
    if request is None or request.habilitations.filter(state=State.PENDING).exists():
        return None
    request.closed_at, request.decided_by = timezone.now(), by
    request.outcome, request.reason = AccessRequest.Outcome.ACCEPTED, reason
    request.first_by = None if request.first_by_id == by.pk else request.first_by
    request.save(update_fields=["closed_at", "decided_by", "outcome", "reason", "first_by"])
    record(
        "account.request_accepted",
        by=by,
        target=f"{profile.user.username} · {profile}",
        place=None if profile.body_id else profile.entity,
        granted=[str(one) for one in request.habilitations.filter(state=State.ACTIVE)],
        reason=reason,
    )
    notify(Notice.REQUEST_DECIDED, request.pk)
    return request


def withdraw_followers(profile: Profile, *, by: User | None, reason: str) -> list[Habilitation]:
    """Take back what a rule gave for what has just been taken back, then what followed from that.

    Taken back by the rule that gave it, it may be given again by it.
    """
    withdrawn: list[Habilitation] = []
    while orphans := [one for one in _given_by_rules(profile) if not _is_led(one)]:
        for right in orphans:
            right.state, right.reason = State.REVOKED, reason
            right.decided_at, right.decided_by = timezone.now(), None
            right.save(update_fields=["state", "reason", "decided_at", "decided_by"])
            _record("account.habilitation_revoked", right, by, reason)
            notify(Notice.HABILITATION_REVOKED, right.pk)
        withdrawn += orphans
    return withdrawn


def follow_end(right: Habilitation, former: date | None, *, by: User | None) -> None:
    """What a rule gave for a habilitation ends with it, when its last day has just changed.

    What somebody had made shorter stays so. The caller holds the lock of the profile.
    """
    led = (one for one in _given_by_rules(right.profile) if _leader_of(one) == _kind(right))
    for one in led:
        before = one.ends_on
        is_longer = right.ends_on and (before is None or before > right.ends_on)
        if before == right.ends_on or not (before == former or is_longer):
            continue
        one.ends_on = right.ends_on
        one.save(update_fields=["ends_on"])
        reason = f"Suit le dernier jour de « {right} »."
        days = {"before": _told(before), "after": _told(one.ends_on)}
        _record("account.habilitation_changed", one, by, reason, **days)
        notify(Notice.HABILITATION_CHANGED, one.pk)
        follow_end(one, before, by=by)


def _given_by_rules(profile: Profile) -> Iterator[Habilitation]:
    """The rights in force that a rule gave for another one."""
    rights = profile.habilitations.filter(state=State.ACTIVE, is_automatic=True)
    return (one for one in rights.order_by("pk") if _kind(one) in FOLLOWS)


def _is_led(right: Habilitation) -> bool:
    """Whether the profile still holds what the rule gave this right for."""
    domain, role = _leader_of(right)
    leaders = right.profile.habilitations.filter(domain=domain, role=role, state=State.ACTIVE)
    return leaders.exists()


def _leader_of(right: Habilitation) -> tuple[Domain, Role]:
    return FOLLOWS[_kind(right)]


def _kind(right: Habilitation) -> tuple[Domain, Role]:
    return Domain(right.domain), Role(right.role)


def _told(ends_on: date | None) -> dict[str, str]:
    return {"ends_on": ends_on.isoformat()} if ends_on else {}


def _record(verb: str, right: Habilitation, by: User | None, reason: str, **days: Any) -> None:
    profile = right.profile
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
