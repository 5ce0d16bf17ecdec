"""What the task worker does for steering, by subject."""

from steering.tasks import messages, situation

__all__ = ["messages", "situation"]
from steering.tasks import alerts

__all__ = ["alerts"]
