"""What the task worker does for orders, by subject."""

from orders.tasks import beneficiaries

__all__ = ["beneficiaries"]
