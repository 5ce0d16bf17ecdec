"""Which season a page speaks of, whether needs are still typed, what it is compared with."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from vaccines.models import FluCampaign

NO_BREAK = "\u00a0"


class Stage(StrEnum):
    """Of the needs of a season."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


def stage_of(campaign: FluCampaign, now: datetime) -> Stage:
    if timezone.localdate(now) < campaign.needs_open_on:
        return Stage.COMING
    return Stage.OPEN if now < campaign.needs_due_at else Stage.CLOSED


def is_delivering(campaign: FluCampaign, now: datetime) -> bool:
    """It vaccinates now: from its first day to its last."""
    return has_begun(campaign, now) and not is_over(campaign, now)


def has_begun(campaign: FluCampaign, now: datetime) -> bool:
    """What was delivered is told from the first day on."""
    return campaign.starts_on <= timezone.localdate(now)


def is_over(campaign: FluCampaign, now: datetime) -> bool:
    """Its figures were read as final: what is still told says why."""
    return campaign.ends_on < timezone.localdate(now)


UNDER_WAY = "en-cours"  # in an address: the campaign that vaccinates now


def season_named(season: str, rows: Sequence[FluCampaign], now: datetime) -> FluCampaign | None:
    """The one asked for, among ``rows``, the latest first; else the usual one."""
    if season == UNDER_WAY:
        return under_way(rows, now) or usual_season(rows, now)
    if season:
        return next((one for one in rows if one.season == season), None)
    return usual_season(rows, now)


def under_way(rows: Sequence[FluCampaign], now: datetime) -> FluCampaign | None:
    return next((one for one in rows if is_delivering(one, now)), None)


def usual_season(rows: Sequence[FluCampaign], now: datetime) -> FluCampaign | None:
    """The one whose needs are typed, then the one under way.

    Between two, the last known; before the first, the one to come.
    """
    is_open = [one for one in rows if stage_of(one, now) is Stage.OPEN]
    vaccinating = [one for one in rows if is_delivering(one, now)]
    known = [one for one in rows if stage_of(one, now) is not Stage.COMING]
    return next(iter([*is_open, *vaccinating, *known, *reversed(rows)]), None)


def season_before(campaign: FluCampaign, rows: Sequence[FluCampaign]) -> FluCampaign | None:
    """The season that its figures are compared with, among ``rows``, the latest first."""
    return next((one for one in rows if one.starts_on < campaign.starts_on), None)


def expected_on(campaign: FluCampaign, now: datetime) -> date:
    """A pharmacy open that day owes its needs: today, and the last day once it is past."""
    return min(timezone.localdate(now), timezone.localdate(campaign.needs_due_at))


def moment(at: datetime) -> str:
    """« 31/03/2027 à 18 h »."""
    local = timezone.localtime(at)
    minutes = f"{NO_BREAK}{local:%M}" if local.minute else ""
    return f"{local:%d/%m/%Y} à {local.hour}{NO_BREAK}h{minutes}"


def deadline_text(campaign: FluCampaign, now: datetime) -> str:
    """« À faire avant le 31/03/2027 à 18 h : il reste 9 jours. »"""
    stage, due = stage_of(campaign, now), moment(campaign.needs_due_at)
    if stage is Stage.COMING:
        opens = f"{campaign.needs_open_on:%d/%m/%Y}"
        return f"Les demandes s’ouvrent le {opens} et se ferment le {due}."
    if stage is Stage.CLOSED:
        return f"Les demandes sont closes depuis le {due}."
    return f"À faire avant le {due}{NO_BREAK}: {left_text(campaign, now)}."


def left_text(campaign: FluCampaign, now: datetime) -> str:
    """« il reste 9 jours », « dernier jour »."""
    days = (timezone.localdate(campaign.needs_due_at) - timezone.localdate(now)).days
    if not days:
        return "c’est le dernier jour"
    return f"il reste {days}{NO_BREAK}jour{'s' if days > 1 else ''}"
