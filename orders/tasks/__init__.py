"""What the task worker does for Distrilog-Santé, by subject."""

from orders.tasks import capacities, chorus

__all__ = ["capacities", "chorus"]
