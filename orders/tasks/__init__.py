"""What the task worker does for orders, by subject."""

from orders.tasks import beneficiaries, capacities, chorus, figures, logistics, quotas, watches

__all__ = ["beneficiaries", "capacities", "chorus", "figures", "logistics", "quotas", "watches"]
