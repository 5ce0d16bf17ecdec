"""What is steered: messages, alerts, situations, indicators; the visits of the home page."""

from steering.models.visit import Visit

__all__ = ["Visit"]
