"""What the task worker does for help, by subject."""

from support.tasks import contact

__all__ = ["contact"]
from support.tasks import forum

__all__ = ["forum"]
