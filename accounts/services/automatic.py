"""The habilitations that a rule gives by itself (`domain.md` §3): visible, dated, told, revocable.

They follow a habilitation that somebody decided, and never outlive it (``withdrawal``). One that a
person took back is never given again by a rule. A group without APE (GCS) is no such case: its APE
is designated, which may be that of the establishment where its pharmacy stands [001].
"""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import Habilitation, Profile, User
from accounts.notices import Notice, notify_all
from accounts.services.automatic_rules import FORMER_GF, Rules
from accounts.services.ended import release_ended
from journal.models import Entry
from journal.services import entry_of, record_all


@transaction.atomic
def grant_automatic(profile: Profile, *, by: User | None) -> list[Habilitation]:
    """Give what the rules give to this profile and that it lacks; the list is often empty.

    ``by`` is who decided what the rules follow from: the journal names them.
    """
    return grant_automatic_to_each([_locked(profile)], by=by)


def grant_automatic_to_each(profiles: Sequence[Profile], *, by: User | None) -> list[Habilitation]:
    """The same to many, one after another, in as many statements as for one.

    The caller has locked them, by number, inside a transaction.
    """
    if not profiles:
        return []
    release_ended(*profiles)
    rules = Rules(profiles)
    return _write([right for profile in profiles for right in rules.given(profile)], by)


@transaction.atomic
def grant_former_gf(profile: Profile) -> list[Habilitation]:
    """Give GF Dispostock to who held GF in the old domain [001], then what follows from it."""
    profile = _locked(profile)
    release_ended(profile)
    rules = Rules([profile])
    return _write([*rules.add(profile, [FORMER_GF]), *rules.given(profile)], None)


def _write(given: list[Habilitation], by: User | None) -> list[Habilitation]:
    Habilitation.objects.bulk_create(given)
    record_all([_entry(right, by) for right in given])
    notify_all(Notice.HABILITATION_GRANTED, [right.pk for right in given])
    for right in given:
        right.profile.user.forget_rights()
    return given


def _locked(profile: Profile) -> Profile:
    rows = Profile.objects.with_person().select_for_update(of=["self"])
    locked: Profile = rows.get(pk=profile.pk)
    return locked


def _entry(right: Habilitation, by: User | None) -> Entry:
    profile = right.profile
    return entry_of(
        "account.habilitation_granted",
        by=by,
        target=f"{profile.user.username} · {profile}",
        place=None if profile.body_id else profile.entity,
        habilitation=str(right),
        automatic=True,
        reason=right.reason,
    )
