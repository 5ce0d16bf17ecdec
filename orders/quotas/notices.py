"""What is written about quotas: to the ARS at each publication, to whom an extra is for."""

from typing import Final

from procrastinate.contrib.django import app

from orders.models import Allocation, QuotaExtra

PUBLISHED: Final = "orders.tasks.quotas.announce_allocation"
EXTRA: Final = "orders.tasks.quotas.announce_quota_extra"


def announce(allocation: Allocation) -> None:
    """Tell each ARS what its region receives; queued in the transaction of the publication."""
    app.configure_task(PUBLISHED).defer(allocation=allocation.pk)


def announce_extra(extra: QuotaExtra) -> None:
    """Tell the beneficiary and its ARS of an extra given, or taken back."""
    app.configure_task(EXTRA).defer(extra=extra.pk, is_back=extra.withdrawn_at is not None)
