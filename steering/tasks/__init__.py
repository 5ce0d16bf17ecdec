"""What the task worker does for steering, by subject."""

from steering.tasks import alerts

__all__ = ["alerts"]
