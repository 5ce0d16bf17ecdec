"""Somebody else decides of a request: one by one, or many in one transaction.

The administrators of the entity or of the ARS decide alone. At national level a first person
agrees, another decides; a refusal takes one person, for it opens nothing. Nobody decides of their
own request, of what they asked for somebody, nor above their own rights.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import AccessRequest, Habilitation, Profile, User
from accounts.notices import Notice, notify_all
from accounts.services.automatic import grant_automatic_to_each
from accounts.services.decision_rules import (
    Decision,
    DecisionError,
    Effect,
    Rights,
    check_decision,
    effect_of,
)
from accounts.services.ended import release_ended
from accounts.services.errors import AccountError
from accounts.services.profiles import LEADING
from common import among  # noqa: F401 - registers the lookup
from common.french import of
from journal.models import Entry
from journal.services import entry_of, record_all

MOST = 200  # requests decided at once
DECIDED = ("state", "decided_at", "decided_by", "reason")
AGREED = ("first_by", "first_at")
CLOSED = ("closed_at", "decided_by", "outcome", "reason")
State = Habilitation.State
Outcome = AccessRequest.Outcome


class DecidedMeanwhileError(DecisionError):
    """Somebody else closed the request, or the person cancelled it, since it was shown."""


@transaction.atomic
def decide(
    request: AccessRequest,
    *,
    by: User,
    accepted: bool,
    rights: Rights | None = None,
    reason: str = "",
    ends_on: date | None = None,
) -> AccessRequest:
    """Accept (what was asked, or ``rights``, until ``ends_on``) or refuse, with the reason."""
    ticked = None if rights is None else frozenset((str(one), str(role)) for one, role in rights)
    decision = Decision(by, accepted, reason.strip(), ticked, ends_on)
    check_decision(decision)
    ((locked, living),) = _locked([request])
    if not locked.is_open:
        raise DecidedMeanwhileError(told_closed(locked))
    return _write([effect_of(locked, living, decision)], decision)[0]


@transaction.atomic
def decide_many(
    requests: Iterable[AccessRequest], *, by: User, accepted: bool, reason: str = ""
) -> list[AccessRequest]:
    """Decide alike of many, each as it was asked; those closed meanwhile are left out."""
    requests = list(requests)
    if len(requests) > MOST:
        raise DecisionError(f"{MOST} demandes au plus se décident à la fois.")
    decision = Decision(by, accepted, reason.strip())
    check_decision(decision)
    waiting = [(one, living) for one, living in _locked(requests) if one.is_open]
    return _write([effect_of(one, living, decision) for one, living in waiting], decision)


def refusals_to_accept(requests: Iterable[AccessRequest], *, by: User) -> dict[int, str]:
    """Why each, read with its habilitations, cannot be accepted as it was asked; empty: it can."""
    decision = Decision(by, True, "")
    return {one.pk: _refusal(one, decision) for one in requests}


def _refusal(request: AccessRequest, decision: Decision) -> str:
    try:
        effect_of(request, request.rights, decision)
    except AccountError as refusal:
        return str(refusal)
    return ""


def told_closed(request: AccessRequest) -> str:
    """Who closed a request, and how, in a sentence."""
    if request.outcome == Outcome.CANCELLED or request.closed_at is None:
        return f"La demande {of(request.profile.user)} a été annulée entre-temps : rien n’a changé."
    return (
        f"La demande {of(request.profile.user)} a déjà été {request.get_outcome_display()} le "
        f"{timezone.localtime(request.closed_at):%d/%m/%Y à %H h %M} par "
        f"{request.decided_by or 'le service'} : rien n’a changé."
    )


def _locked(requests: Iterable[AccessRequest]) -> list[tuple[AccessRequest, list[Habilitation]]]:
    """Each request as it is now with what lives on its profile, oldest first.

    Profiles, requests, habilitations, each by number: two people never wait for each other.
    """
    requests = list(requests)
    rows = Profile.objects.with_person().select_for_update(of=["self"]).order_by("pk")
    profiles = {one.pk: one for one in rows.filter(pk__in=[one.profile_id for one in requests])}
    asked = AccessRequest.objects.select_for_update(of=["self"]).select_related(
        "decided_by", "first_by"
    )
    found = list(asked.filter(pk__in=[one.pk for one in requests]).order_by("pk"))
    living: dict[int, list[Habilitation]] = {pk: [] for pk in profiles}
    rights = Habilitation.objects.select_for_update().order_by("pk")
    for right in rights.filter(profile__in=profiles, state__in=[State.PENDING, State.ACTIVE]):
        living[right.profile_id].append(right)
    for request in found:
        request.profile = profiles[request.profile_id]
    found.sort(key=lambda one: (one.asked_at, one.pk))
    return [(one, living[one.profile_id]) for one in found]


def _write(effects: list[Effect], decision: Decision) -> list[AccessRequest]:
    """All the rows of one kind together: as many statements for two hundred as for one."""
    answered = [one.profile for one in effects if _answers_profile(one)]
    for effect in effects:
        _settle(effect, decision)
    requests = [effect.request for effect in effects]
    closed = [one for one in requests if not one.is_open]
    first = [one for one in requests if one.is_open]
    _save_alike(Profile, answered, DECIDED)
    _save_alike(AccessRequest, first, AGREED)
    _save_alike(AccessRequest, closed, CLOSED)
    _save_rights(effects, decision)
    record_all([_entry(effect, decision) for effect in effects])
    notify_all(Notice.REQUEST_DECIDED, [one.pk for one in closed])
    notify_all(Notice.REQUEST_SECOND, [one.pk for one in first])
    for effect in effects:
        effect.profile.user.forget_rights()
    grant_automatic_to_each([one.profile for one in effects if _is_followed(one)], by=decision.by)
    return requests


def _save_rights(effects: list[Effect], decision: Decision) -> None:
    rights = [right for effect in effects for right in effect.granted + effect.refused]
    if added := [one for one in rights if one.pk is None]:
        release_ended(*{one.profile for one in added})
    last_day = ("ends_on",) if decision.ends_on else ()
    _save_alike(Habilitation, [one for one in rights if one.pk], (*DECIDED, *last_day))
    Habilitation.objects.bulk_create(added)


def _save_alike(model: type[Model], rows: Sequence[Model], names: tuple[str, ...]) -> None:
    """Write these fields of rows that one decision changed alike, in a statement for each value.

    ``bulk_update`` would write a case for each row, ten times slower.
    """
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        alike[tuple(getattr(row, name) for name in names)].append(row.pk)
    for values, numbers in alike.items():
        changed = dict(zip(names, values, strict=True))
        model._default_manager.filter(pk__among=numbers).update(**changed)


def _is_followed(effect: Effect) -> bool:
    """Whether a rule may give more to the profile from now on."""
    return not effect.is_first and any(one.role in LEADING for one in effect.granted)


def _answers_profile(effect: Effect) -> bool:
    """The profile itself waits for this answer, unless another person has to give theirs."""
    return effect.profile.state == Profile.State.PENDING and not effect.is_first


def _settle(effect: Effect, decision: Decision) -> None:
    """Change the rows of one request in memory."""
    request, profile = effect.request, effect.profile
    for right in effect.refused:
        _mark(right, State.REFUSED, decision)
    for right in effect.granted:
        right.ends_on = min(filter(None, [right.ends_on, decision.ends_on]), default=None)
        if not effect.is_first:
            _mark(right, State.ACTIVE, decision)
    if effect.is_first:
        request.first_by, request.first_at = decision.by, decision.at
        return
    request.closed_at, request.decided_by = decision.at, decision.by
    request.outcome = Outcome.ACCEPTED if decision.accepted else Outcome.REFUSED
    request.reason = decision.reason
    if _answers_profile(effect):
        opened = Profile.State.ACTIVE if decision.accepted else Profile.State.REFUSED
        _mark(profile, opened, decision)


def _mark(row: Habilitation | Profile, state: str, decision: Decision) -> None:
    row.state, row.reason = state, decision.reason
    row.decided_at, row.decided_by = decision.at, decision.by


def _entry(effect: Effect, decision: Decision) -> Entry:
    request, profile = effect.request, effect.profile
    done = "first_agreed" if effect.is_first else request.outcome
    first_by = request.first_by.username if request.first_by and not effect.is_first else ""
    details = {
        "granted": [str(one) for one in effect.granted],
        "refused": [str(one) for one in effect.refused],
        "ends_on": decision.ends_on.isoformat() if decision.ends_on else "",
        "first_by": first_by,
        "reason": decision.reason,
    }
    entry = entry_of(
        f"account.request_{done}",
        by=decision.by,
        target=f"{profile.user.username} · {profile}",
        place=None if profile.body_id else profile.entity,
    )
    entry.details = {name: value for name, value in details.items() if value}
    return entry
