"""The six digits that a telephone shows."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

STEP = 30  # seconds


def totp_code(secret, at=None):
    """At ``at``, in seconds since 1970; now otherwise."""
    return format_hotp_value(hotp_value(secret, int(at or time.time()) // STEP))
