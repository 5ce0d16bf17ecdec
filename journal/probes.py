"""What the journal measures of itself: how long its entries wait for their seal."""

from collections.abc import Iterable

from django.utils import timezone

from common.probes import Probe, Sample, one
from journal.sealing.standing import standing


def unsealed() -> Iterable[Sample]:
    """0 when all are sealed, whatever the hour of the night."""
    since = standing().since
    return one((timezone.now() - since).total_seconds() if since else 0)


PROBES = (Probe("journal_unsealed_seconds", "Age of the oldest entry without a seal", unsealed),)
