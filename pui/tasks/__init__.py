"""What the task worker does for pharmacies, by subject."""

from pui.tasks import (
    feeds,
    helping,
    nomenclature,
    onboarding,
    reminders,
    sharing,
    summaries,
    transmissions,
)

__all__ = [
    "feeds",
    "helping",
    "nomenclature",
    "onboarding",
    "reminders",
    "sharing",
    "summaries",
    "transmissions",
]
