"""What the task worker does for orders, by subject."""

from orders.tasks import chorus, figures

__all__ = ["chorus", "figures"]
