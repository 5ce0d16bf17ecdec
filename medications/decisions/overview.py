"""How much each list follows, in one statement."""

from collections import defaultdict
from datetime import date

from django.db.models import Count

from medications.models import Monitoring, Priority


def followed_counts(day: date) -> dict[str, dict[str, int]]:
    """By list: how many products it follows that day, and how many at the national priority."""
    rows = Monitoring.objects.in_force(day).order_by()
    counted = rows.values_list("monitored_list", "priority").annotate(count=Count("pk"))
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"all": 0, "national": 0})
    for slug, priority, count in counted:
        found[slug]["all"] += count
        found[slug]["national"] += count if priority == Priority.NATIONAL else 0
    return dict(found)
