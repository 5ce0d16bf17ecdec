"""Announce to the weekly inventory what will come to a site, or came; a person takes it there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from epi_stocks.models import CentralCoverage, ExpectedSupply
from establishments.models import Establishment


@dataclass(frozen=True, slots=True)
class Announced:
    """Units of an item, by its number, for a week: those to come, or those that came."""

    week: date
    item: int
    quantity: int
    is_received: bool


@transaction.atomic
def announce_supplies(*, source: str, site: Establishment, announced: Iterable[Announced]) -> None:
    """Replace all that ``source`` announced; nothing announced any more removes it.

    Each is shown on the grid where the site's stock is counted that week: its own, or that of the
    site that covers it. Not journaled: what announces it is.
    """
    ExpectedSupply.objects.filter(source=source).delete()
    ExpectedSupply.objects.bulk_create(
        ExpectedSupply(
            establishment=counting_site(site, one.week),
            week=one.week,
            item_id=one.item,
            source=source,
            quantity=one.quantity,
            is_received=one.is_received,
        )
        for one in announced
        if one.quantity > 0
    )


def counting_site(site: Establishment, week: date) -> Establishment:
    """The site whose grid counts the stock of this one that week."""
    covered = CentralCoverage.objects.on(week).filter(covered=site)
    coverage = covered.select_related("declaring").first()
    return coverage.declaring if coverage else site
