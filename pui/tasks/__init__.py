"""What the task worker does for pharmacies, by subject."""

from pui.tasks import onboarding, summaries, transmissions

__all__ = ["onboarding", "summaries", "transmissions"]
