"""What the task worker does for steering, by subject."""

from steering.tasks import alerts, figures, messages, situation

__all__ = [
    "alerts",
    "figures",
    "messages",
    "situation",
]
