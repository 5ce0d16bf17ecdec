"""What waits on a profile is withdrawn: by its owner, or because the profile itself stops."""

from django.utils import timezone

from accounts.models import AccessRequest, Habilitation, Profile, User
from journal.services import record


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
