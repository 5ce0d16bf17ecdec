"""What the task worker does for orders, by subject."""

from orders.tasks import logistics

__all__ = ["logistics"]
