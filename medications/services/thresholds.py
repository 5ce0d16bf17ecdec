"""The national cell changes the thresholds of cover of medicines, from a day to come."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.cover import Thresholds
from journal.services import record
from medications.models import CoverRule
from medications.models.cover import FARTHEST_DAYS
from medications.services.settings import SettingsError, begin, require_unchanged
from medications.thresholds import in_force

ONE_DAY = timedelta(days=1)


def rules_state() -> str:
    """What a decision rests on: every rule, past or announced."""
    rows = CoverRule.objects.order_by("starts_on").values_list(
        "pk", "shortage", "critical", "tense", "starts_on"
    )
    return "|".join(map(str, rows))


def days_text(days: Thresholds) -> str:
    """« rupture sous 1 j, critique sous 7 j, tendue sous 21 j »"""
    return (
        f"rupture sous {days.shortage}\u00a0j, critique sous {days.critical}\u00a0j, tendue sous "
        f"{days.tense}\u00a0j"
    )


@transaction.atomic
def set_cover_thresholds(
    *,
    by: User,
    shortage: int,
    critical: int,
    tense: int,
    starts_on: date,
    seen: str | None = None,
) -> CoverRule:
    """Put thresholds in force from tomorrow at the earliest, in place of those announced later.

    Never from today: a level that was read this morning does not change under the reader.
    """
    begin(by, starts_on, earliest=timezone.localdate() + ONE_DAY)
    require_unchanged(rules_state(), seen)
    if not 1 <= shortage < critical < tense <= FARTHEST_DAYS:
        raise SettingsError(
            "Les seuils doivent croître, de 1 à 365 jours\u00a0: rupture, puis critique, puis "
            "tendue."
        )
    rules = CoverRule.objects.order_by("starts_on")
    former, wanted = in_force(rules, starts_on), Thresholds(shortage, critical, tense)
    later = rules.filter(starts_on__gte=starts_on)
    if former == wanted and not later.filter(starts_on__gt=starts_on).exists():
        raise SettingsError("Ces seuils sont déjà ceux de cette date\u00a0: rien à changer.")
    later.delete()
    rule: CoverRule = CoverRule.objects.create(**wanted._asdict(), starts_on=starts_on, by=by)
    record(
        "medications.thresholds_set",
        by=by,
        target="tous les médicaments",
        starts_on=starts_on.isoformat(),
        before=days_text(former),
        after=days_text(wanted),
    )
    return rule
