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
]
