"""National data that orders start with; loaded again, it changes nothing."""

from datetime import date

from django.db import transaction

from establishments.models import Region
from orders.models import ServedRegion

FIRST_DAY = date(2020, 3, 1)


@transaction.atomic
def load_served_regions() -> int:
    """Serve the regions of mainland France and Corsica where nobody decided anything yet [002]."""
    known = ServedRegion.objects.values("region")
    missing = Region.objects.filter(is_overseas=False).exclude(pk__in=known)
    rows = [ServedRegion(region=region, starts_on=FIRST_DAY) for region in missing]
    return len(ServedRegion.objects.bulk_create(rows))
