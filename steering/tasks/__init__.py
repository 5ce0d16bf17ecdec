"""What the task worker does of what is steered, by subject."""

from steering.tasks import situation

__all__ = ["situation"]
