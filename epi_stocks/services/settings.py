"""What the national cell decides: items counted, thresholds, who is expected, the calendar.

Everything has dates: what was decided for past weeks never changes under their figures.
"""

from datetime import date, time, timedelta

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from common.locks import Lock
from common.weeks import week_label
from epi_stocks.models import DeclarationRule, EpiItem, ExpectedCategory, TensionThreshold
from establishments.models import EstablishmentCategory
from establishments.perimeter import Action
from journal.services import record

DAY = timedelta(days=1)


class SettingsError(Exception):
    """The setting cannot be that. The message is written for the person, in French."""


def begin(by: User, week: date) -> None:
    """Check who decides and from when, then wait for whoever is deciding at the same moment.

    One setting is decided at a time, so that spans never overlap.
    """
    if not by.may(Action.EPI_SETTINGS):
        raise SettingsError("Seule la cellule nationale règle EPI-Stocks.")
    if week.weekday() != 0:
        raise SettingsError("Un réglage commence un lundi : une semaine a un seul réglage.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.EPI_SETTINGS])


@transaction.atomic
def switch_item(*, by: User, item_id: int, is_counted: bool, week: date) -> EpiItem:
    """Count an item from ``week`` on, or stop; journaled. What was typed before stays counted."""
    begin(by, week)
    item: EpiItem = EpiItem.objects.get(pk=item_id)
    before = [str(item.starts_on or ""), str(item.ends_on or "")]
    if is_counted:
        item.starts_on = item.starts_on if item.starts_on and item.starts_on < week else week
        item.ends_on = None
    elif item.starts_on is None or item.starts_on >= week:
        item.starts_on = item.ends_on = None
    else:
        item.ends_on = week - DAY
    item.save(update_fields=["starts_on", "ends_on"])
    record(
        "epi_stocks.item_switched",
        by=by,
        target=item,
        is_counted=is_counted,
        week=week.isoformat(),
        before=before,
    )
    return item


@transaction.atomic
def set_thresholds(
    *, by: User, item_id: int | None, shortage: int, critical: int, tense: int, week: date
) -> TensionThreshold:
    """Put thresholds in days of cover in force from ``week`` on (``item_id`` None: every item)."""
    begin(by, week)
    if not 0 < shortage < critical < tense:
        raise SettingsError("Les seuils doivent croître : rupture, critique, tendue.")
    rows = TensionThreshold.objects.filter(item=item_id)
    rows.filter(starts_on__gte=week).delete()
    rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=week)).update(ends_on=week - DAY)
    row = TensionThreshold.objects.create(
        item_id=item_id, shortage=shortage, critical=critical, tense=tense, starts_on=week
    )
    record(
        "epi_stocks.thresholds_set",
        by=by,
        target=row.item or "tous les équipements",
        days=[shortage, critical, tense],
        week=week.isoformat(),
    )
    return row


@transaction.atomic
def expect_category(*, by: User, code: str, is_expected: bool, week: date) -> None:
    """Expect a FINESS category from ``week`` on, or no longer; journaled."""
    begin(by, week)
    category = EstablishmentCategory.objects.get(pk=code)
    rows = ExpectedCategory.objects.filter(category=category)
    rows.filter(starts_on__gte=week).delete()
    rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=week)).update(ends_on=week - DAY)
    if is_expected:
        ExpectedCategory.objects.create(category=category, starts_on=week)
    record(
        "epi_stocks.category_expected",
        by=by,
        target=category,
        is_expected=is_expected,
        week=week.isoformat(),
    )


@transaction.atomic
def set_calendar(
    *,
    by: User,
    expected_weekday: int,
    expected_time: time,
    closes_after_days: int,
    week: date,
) -> DeclarationRule:
    """Change until when a week is expected and open, from ``week`` on; journaled."""
    begin(by, week)
    if not (0 <= expected_weekday <= 6 and 7 <= closes_after_days <= 60):
        raise SettingsError(
            "Une semaine est attendue un de ses jours, et reste ouverte de 7 à 60 jours."
        )
    rules = DeclarationRule.objects.all()
    current = rules.for_week(week)
    rules.filter(starts_on__gte=week).delete()
    rules.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=week)).update(ends_on=week - DAY)
    rule = DeclarationRule.objects.create(
        expected_weekday=expected_weekday,
        expected_time=expected_time,
        closes_after_days=closes_after_days,
        carried_weeks=current.carried_weeks if current else 2,
        starts_on=week,
    )
    record(
        "epi_stocks.calendar_set",
        by=by,
        target=f"à partir de la semaine {week_label(week)}",
        weekday=expected_weekday,
        time=expected_time.isoformat("minutes"),
        closes_after_days=closes_after_days,
    )
    return rule
