"""What the task worker does for orders, by subject."""

from orders.tasks import chorus, logistics

__all__ = ["chorus", "logistics"]
