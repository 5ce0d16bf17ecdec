"""What somebody may do with an order sent: the words of ``orders/ordering/actions.html``."""

from accounts.models import User
from orders.models import Order
from orders.services.ordering import may_be_stopped, may_still_change

COUNTED = (Order.Kind.QUOTA, Order.Kind.POOL)
OURS = (*COUNTED, Order.Kind.PAID)


def actions_of(user: User, order: Order) -> dict[str, bool]:
    """What is pushed by file is not changed here."""
    ours = order.kind in OURS and order.state != Order.State.DRAFT
    may_write = ours and Order.objects.to_write(user).filter(pk=order.pk).exists()
    return {
        "may_write": may_write,
        "may_change": may_write and may_still_change(order),
        "may_stop": may_write and may_be_stopped(order),
    }
