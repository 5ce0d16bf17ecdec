"""The secrets of second factors, sealed in the database: a copy of it opens no account.

The seal is made of the secret of the deployment. When that changes without ``SECRET_KEY_FALLBACKS``
the former seals do not open, and those secrets match no code: people use another factor, or an
administrator lifts theirs.
"""

from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import InvalidToken

from accounts.seal import seal_of

PURPOSE = "accounts.factor_secrets"


def seal_secret(text: str) -> str:
    return seal_of(PURPOSE).encrypt(text.encode()).decode()


def open_secret(sealed: str) -> str:
    """What was sealed; when it cannot be read, a secret that nobody knows."""
    try:
        return seal_of(PURPOSE).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return generate_totp_secret()
