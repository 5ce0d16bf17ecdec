"""What the task worker does for vaccines, by subject."""

from vaccines.tasks import waves

__all__ = ["waves"]
