"""What the task worker does for orders, by subject."""

from orders.tasks import quotas

__all__ = ["quotas"]
