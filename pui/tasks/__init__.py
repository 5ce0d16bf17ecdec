"""What the task worker does for pharmacies, by subject."""

from pui.tasks import onboarding, sharing, summaries, transmissions

__all__ = ["onboarding", "sharing", "summaries", "transmissions"]
