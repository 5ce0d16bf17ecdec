"""An ARS orders on the pool of its region, to the address of its choice [004]."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from accounts.models import User
from establishments.models import AdministrativeBody
from orders.models import DeliveryAddress, Order
from orders.services.holders import Holder
from orders.services.ordering import submit_for
from orders.services.sending import Delivery, Sending


def send_pool_order(
    *,
    by: User,
    agency: AdministrativeBody,
    lines: Mapping[int, int],
    address: DeliveryAddress,
    contact_name: str,
    contact_phone: str,
    token: UUID,
    comment: str = "",
    since: datetime | None = None,
    now: datetime | None = None,
) -> Order:
    """Send it at once, counted on the regional pool of the week; the same token is one order.

    ``lines``: units by number of product, whole packs. Raise as ``ordering.submit``.
    """
    delivery = Delivery(address, contact_name, contact_phone, comment)
    sending = Sending(Holder(agency=agency), lines, delivery, since)
    return submit_for(sending, by=by, token=token, now=now)
