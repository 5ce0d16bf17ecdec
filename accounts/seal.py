"""Seals made of the secret of the deployment; its former ones open what they closed."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal_of(purpose: str) -> MultiFernet:
    """The seal of one purpose: what another closes, it does not open."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_key_of(secret, purpose) for secret in secrets])


def _key_of(secret: str, purpose: str) -> Fernet:
    digest = salted_hmac(purpose, "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
