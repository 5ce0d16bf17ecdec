"""What the task worker does for pharmacies, by subject."""

from pui.tasks import feeds, onboarding, reminders, sharing, summaries, transmissions

__all__ = ["feeds", "onboarding", "reminders", "sharing", "summaries", "transmissions"]
