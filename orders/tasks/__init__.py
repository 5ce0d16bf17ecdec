"""What the task worker does for orders, by subject."""

from orders.tasks import chorus, quotas

__all__ = ["chorus", "quotas"]
