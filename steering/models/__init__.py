"""What is steered: messages, alerts, bulletins."""

from steering.models.alert import (
    Alert,
    AlertDomain,
    AlertEvent,
    AlertSample,
)
from steering.models.alert_mail import AlertNotice, AlertPreference
from steering.models.alert_rule import AlertRule, AlertScale, Urgency

__all__ = [
    "Alert",
    "AlertDomain",
    "AlertEvent",
    "AlertNotice",
    "AlertPreference",
    "AlertRule",
    "AlertSample",
    "AlertScale",
    "Urgency",
]
