"""What is steered: messages, alerts, situations, indicators."""

from steering.models.bulletin import Bulletin, BulletinWord, DigestSending, DigestSubscription

__all__ = [
    "Bulletin",
    "BulletinWord",
    "DigestSending",
    "DigestSubscription",
]
