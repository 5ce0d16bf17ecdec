"""What is steered: messages, alerts, situations, indicators."""

from steering.models.alert import Alert, AlertDomain, AlertEvent, AlertSample
from steering.models.alert_mail import AlertNotice, AlertPreference
from steering.models.alert_rule import AlertRule, AlertScale, Urgency
from steering.models.bulletin import Bulletin, BulletinWord, DigestSending, DigestSubscription
from steering.models.bulletin_document import BulletinDocument
from steering.models.message import Message
from steering.models.message_parts import Mailing, MessageFile, Reading
from steering.models.open_data import Release
from steering.models.statistic import Statistic
from steering.models.visit import Visit

__all__ = [
    "Alert",
    "AlertDomain",
    "AlertEvent",
    "AlertNotice",
    "AlertPreference",
    "AlertRule",
    "AlertSample",
    "AlertScale",
    "Bulletin",
    "BulletinDocument",
    "BulletinWord",
    "DigestSending",
    "DigestSubscription",
    "Mailing",
    "Message",
    "MessageFile",
    "Reading",
    "Release",
    "Statistic",
    "Urgency",
    "Visit",
]
