"""What the task worker does for pharmacies, by subject."""

from pui.tasks import transmissions

__all__ = ["transmissions"]
