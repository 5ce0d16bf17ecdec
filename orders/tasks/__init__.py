"""What the task worker does for orders, by subject."""

from orders.tasks import beneficiaries, capacities, chorus, quotas

__all__ = ["beneficiaries", "capacities", "chorus", "quotas"]
