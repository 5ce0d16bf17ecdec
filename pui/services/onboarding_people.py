"""The last boxes of the flow chart: the director is written to, the pharmacists are told [001]."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import User
from establishments.models import Establishment
from journal.services import record
from pui.models import OnboardingLine, OnboardingList
from pui.onboarding.board import lines_of, situations_of
from pui.onboarding.people import apes_at, place_of
from pui.onboarding.steps import Situation
from pui.people import Person
from pui.services.onboarding import ListChangedError, OnboardingError, locked

TELL = "pui.tasks.onboarding.tell_pharmacist"


@dataclass(frozen=True, slots=True)
class ToTell:
    """A pharmacist to write to, and the line that is about them."""

    situation: Situation
    contact: Person


@transaction.atomic
def mark_letter(*, by: User, line: OnboardingLine) -> OnboardingLine:
    """Say that the director was written to today; journaled, once a day."""
    kept = lines_of(locked(by, line.onboarding).lines.all()).get(pk=line.pk)
    today = timezone.localdate()
    if kept.letter_sent_on == today:
        return kept
    kept.letter_sent_on = today
    kept.save(update_fields=["letter_sent_on", "updated_at"])
    place = place_of(kept) or kept.legal_entity
    record("pui.onboarding_letter_sent", by=by, target=kept, place=place)
    return kept


def to_tell(onboarding: OnboardingList) -> list[ToTell]:
    """The pharmacists who never logged in, of the lines where they are the next step.

    Those already told are there too: a mail that was lost can be sent again.
    """
    rows = lines_of(onboarding.lines.filter(validated_at__isnull=False))
    return [
        ToTell(one, contact)
        for one in situations_of(list(rows))
        if one.is_to_tell
        for contact in one.people.gfs
    ]


@transaction.atomic
def tell_pharmacists(*, by: User, onboarding: OnboardingList, chosen: Collection[int]) -> int:
    """Mail the pharmacists of the lines that the person ticked, once each; say how many.

    Journaled. A line is told once a minute at most: a double click sends nothing twice.
    """
    kept = locked(by, onboarding)
    now = timezone.now()
    found = [one for one in to_tell(kept) if one.situation.line.pk in chosen]
    if not found:
        raise OnboardingError("Choisissez au moins une ligne dont le GF ne s’est pas connecté.")
    lines = {one.situation.line.pk: one.situation.line for one in found}
    if any(
        line.pharmacists_told_at and (now - line.pharmacists_told_at).total_seconds() < 60
        for line in lines.values()
    ):
        raise ListChangedError("Ces courriels viennent de partir\u00a0: rien n’est envoyé de plus.")
    for line in lines.values():
        line.pharmacists_told_at = now
        line.save(update_fields=["pharmacists_told_at", "updated_at"])
    by_profile: dict[int, list[int]] = {}
    for one in found:
        by_profile.setdefault(one.contact.profile_id, []).append(one.situation.line.pk)
    for profile, numbers in by_profile.items():
        app.configure_task(TELL).defer(lines=[*numbers], profile=profile)
    record(
        "pui.onboarding_pharmacists_told",
        by=by,
        target=kept.region,
        place=next(iter(lines.values())).legal_entity,
        count=len(by_profile),
        establishments=[str(line) for line in lines.values()],
    )
    return len(by_profile)


def host_apes(line: OnboardingLine) -> tuple[list[Establishment], list[Person]]:
    """For the pharmacy of a group (GCS): the hospitals at the same address, and their APEs.

    One of them may be the APE of the group too, by a second profile [001].
    """
    place = place_of(line)
    if place is None or not place.address.strip():
        return [], []
    hosts = (
        Establishment.objects.open()
        .filter(address__iexact=place.address, postal_code=place.postal_code)
        .exclude(legal_entity=line.legal_entity_id)
    )
    sites = list(hosts.select_related("legal_entity").order_by("sort_name")[:5])
    return sites, apes_at(sites) if sites else []
