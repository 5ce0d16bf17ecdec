"""The secrets of second factors, sealed in the database: a copy of it opens no account.

The seal is made of the secret of the deployment. When that changes without ``SECRET_KEY_FALLBACKS``
the former seals do not open, and those secrets match no code: people use another factor, or an
administrator lifts theirs.
"""

import base64

from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal_secret(text: str) -> str:
    return _seal().encrypt(text.encode()).decode()


def open_secret(sealed: str) -> str:
    """What was sealed; when it cannot be read, a secret that nobody knows."""
    try:
        return _seal().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return generate_totp_secret()


def _seal() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_key_of(secret) for secret in secrets])


def _key_of(secret: str) -> Fernet:
    digest = salted_hmac("accounts.factor_secrets", "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
