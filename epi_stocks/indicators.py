"""Which thresholds of tension are in force for protective equipment, and what a filled line is."""

from datetime import date

from django.db.models import Q

from common.cover import DEFAULT_THRESHOLDS, Thresholds
from epi_stocks.models import TensionThreshold


def thresholds_on(week: date) -> dict[int | None, Thresholds]:
    """Give the thresholds of a week by item id; under ``None``, those of every other item."""
    found = (
        TensionThreshold.objects.in_force(week)
        .order_by("starts_on")
        .values_list("item_id", "shortage", "critical", "tense")
    )
    return {None: DEFAULT_THRESHOLDS} | {item: Thresholds(*days) for item, *days in found}


# Joined as ``LEFT JOIN LATERAL (…) days ON true`` beside ``line`` (with item_id) at a week.
THRESHOLDS_SQL = """
SELECT found.shortage, found.critical, found.tense
  FROM epi_stocks_tensionthreshold found
 WHERE (found.item_id = line.item_id OR found.item_id IS NULL)
   AND found.starts_on <= %(week)s AND (found.ends_on IS NULL OR found.ends_on >= %(week)s)
 ORDER BY found.item_id NULLS LAST, found.starts_on DESC
 LIMIT 1
"""


def is_filled(prefix: str = "") -> Q:
    """Select lines with at least one cell; 0 is a value, blank is not."""
    return (
        Q(**{f"{prefix}stock__isnull": False})
        | Q(**{f"{prefix}daily__isnull": False})
        | Q(**{f"{prefix}supply__isnull": False})
    )
