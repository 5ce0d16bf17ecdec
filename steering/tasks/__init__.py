"""What the task worker does for steering, by subject."""

from steering.tasks import alerts, messages, situation

__all__ = [
    "alerts",
    "messages",
    "situation",
]
