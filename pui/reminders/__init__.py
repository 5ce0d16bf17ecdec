"""Reminders that leave by themselves: when, to whom, and what they say."""
