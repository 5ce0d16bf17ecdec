"""What is steered: messages, alerts, situations, indicators."""

from steering.models.message import Message
from steering.models.message_parts import Mailing, MessageFile, Reading

__all__ = ["Mailing", "Message", "MessageFile", "Reading"]
from steering.models.bulletin import Bulletin, BulletinWord, DigestSending, DigestSubscription

__all__ = [
    "Bulletin",
    "BulletinWord",
    "DigestSending",
    "DigestSubscription",
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
"""What is steered: messages, alerts, situations, indicators; the visits of the home page."""

from steering.models.visit import Visit

__all__ = ["Visit"]
