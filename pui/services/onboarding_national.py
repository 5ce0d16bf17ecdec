"""What the national cell does of the opening: the lists from three sources, the calendar [001]."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from pui.models import OnboardingLine, OnboardingList, Pui, SwitchOver
from pui.onboarding.sources import Draft, Found, Told, check_sources, known_puis
from pui.services.onboarding import ListChangedError, OfRegion, OnboardingError


@dataclass(frozen=True, slots=True)
class Day:
    """The switch-over of a region as somebody types it."""

    meeting_at: datetime | None
    switches_on: date
    ends_on: date | None
    is_pilot: bool


def require_national(by: User) -> None:
    if not by.perimeter_to(Action.ONB_WRITE).is_national:
        raise OnboardingError("La cellule nationale établit les listes et le calendrier.")


@transaction.atomic
def make_lists(*, by: User, told: Told, region_codes: frozenset[str]) -> Found:
    """Make the lists of the regions, or complete them: what an ARS filled is never touched.

    The refused numbers are left out. Journaled once a region.
    """
    require_national(by)
    codes = sorted(region_codes)
    list(Region.objects.select_for_update().filter(pk__in=codes).order_by("pk"))
    found = check_sources(told, region_codes)
    lists = {one.region_id: one for one in OnboardingList.objects.filter(region__in=codes)}
    for code in found.by_region:
        if code not in lists:
            lists[code] = OnboardingList.objects.create(region_id=code, made_by=by)
    puis = known_puis(found.new)
    OnboardingLine.objects.bulk_create(
        line for draft in found.new for line in _lines_of(draft, lists[draft.region_id], puis)
    )
    for line, added in found.more:
        line.sources = [*line.sources, *added]
        line.save(update_fields=["sources", "updated_at"])
    _record_lists(by, found, lists)
    return found


def _lines_of(
    draft: Draft, onboarding: OnboardingList, puis: dict[tuple[int, int | None], list[Pui]]
) -> list[OnboardingLine]:
    """A line; or one for each pharmacy already in the register, filled with what it says."""
    common: dict[str, Any] = {
        "onboarding": onboarding,
        "legal_entity": draft.legal_entity,
        "sources": sorted(draft.sources),
    }
    key = (draft.legal_entity.pk, draft.establishment.pk if draft.establishment else None)
    known = puis.get(key, [])
    if not known:
        return [OnboardingLine(establishment=draft.establishment, **common)]
    return [
        OnboardingLine(
            establishment=draft.establishment or pui.establishment,
            site=pui.establishment,
            label=pui.label,
            ipe=pui.ipe,
            pui=pui,
            **common,
        )
        for pui in known
    ]


def _record_lists(by: User, found: Found, lists: dict[str, OnboardingList]) -> None:
    for code, count in found.by_region.items():
        region = lists[code].region
        record("pui.onboarding_list_made", by=by, target=region, place=OfRegion(code), count=count)
    if found.more:
        record("pui.onboarding_sources_completed", by=by, target="Sources", count=len(found.more))


@transaction.atomic
def set_switch_over(*, by: User, region: Region, day: Day, seen: str) -> SwitchOver:
    """Write when a region leaves maPUI; journaled. ``seen`` is what the form was shown with."""
    require_national(by)
    list(Region.objects.select_for_update().filter(pk=region.pk))
    switch = SwitchOver.objects.filter(region=region).first()
    if seen_of(switch) != seen:
        raise ListChangedError(
            "Quelqu’un a changé cette date pendant votre saisie\u00a0: relisez ce qui est "
            "enregistré maintenant, puis enregistrez de nouveau."
        )
    if day.ends_on and day.ends_on < day.switches_on:
        raise OnboardingError("maPUI ne peut pas cesser d’être acceptée avant la bascule.")
    before = written(switch)
    switch = switch or SwitchOver(region=region)
    switch.meeting_at, switch.switches_on = day.meeting_at, day.switches_on
    switch.ends_on, switch.is_pilot = day.ends_on, day.is_pilot
    after = written(switch)
    if after != before:
        switch.save()
        place = OfRegion(region.pk)
        record("pui.switch_over_set", by=by, target=region, place=place, before=before, after=after)
    return switch


def seen_of(switch: SwitchOver | None) -> str:
    """What a form carries to know whether somebody changed the day since."""
    return "|".join(str(value) for value in (written(switch) or {}).values())


def written(switch: SwitchOver | None) -> dict[str, str | bool] | None:
    if switch is None:
        return None
    return {
        "meeting_at": switch.meeting_at.isoformat() if switch.meeting_at else "",
        "switches_on": switch.switches_on.isoformat(),
        "ends_on": switch.ends_on.isoformat() if switch.ends_on else "",
        "is_pilot": switch.is_pilot,
    }
