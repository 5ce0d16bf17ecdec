"""What is steered: messages, alerts, situations, what the public reads."""

from config.demo.steering.alerts import build_alerts
from config.demo.steering.figures import build_figures
from config.demo.steering.messages import build_messages
from config.demo.steering.situation import build_situation
from config.demo.steering.visits import build_visits


def build_steering() -> None:
    """Build what is missing, each part on those before it."""
    build_messages()
    build_alerts()
    build_situation()
    build_figures()
    build_visits()
