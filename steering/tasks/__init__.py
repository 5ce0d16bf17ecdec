"""What the task worker does for steering, by subject."""

from steering.tasks import messages

__all__ = ["messages"]
