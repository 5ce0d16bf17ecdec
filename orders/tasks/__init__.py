"""What the task worker does for orders, by subject."""

from orders.tasks import chorus

__all__ = ["chorus"]
