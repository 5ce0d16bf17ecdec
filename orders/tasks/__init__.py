"""What the task worker does for orders, by subject."""

from orders.tasks import beneficiaries, chorus

__all__ = ["beneficiaries", "chorus"]
