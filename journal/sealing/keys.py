"""The secret of the seals: held by the task worker alone, never by the database nor the site."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings

PURPOSE = b"journal-seal-1"


class Signed(Protocol):
    """A seal or a purge."""

    key: str
    mac: str


class MissingKeyError(Exception):
    """The seals cannot be made nor read. The message is for the operator, in French."""


def sign(row: Signed, text: Callable[[Any], bytes]) -> None:
    """Sign a row with the key in use, whose name is part of what is signed."""
    keys = _derived()
    if not keys:
        raise MissingKeyError("La variable JOURNAL_KEY manque\u00a0: le journal n’est pas scellé.")
    row.key = next(iter(keys))
    row.mac = _mac(keys[row.key], text(row))


def is_signed(text: bytes, key: str, mac: str) -> bool:
    """Whether one of our keys, in use or former, made this seal."""
    secret = _derived().get(key)
    return secret is not None and hmac.compare_digest(_mac(secret, text), mac)


def known_keys() -> frozenset[str]:
    return frozenset(_derived())


def _derived() -> dict[str, bytes]:
    """Each key by its name, eight characters that tell nothing of it; the one in use first."""
    found = {}
    for secret in settings.JOURNAL_KEYS:
        key = hmac.digest(secret.encode(), PURPOSE, "sha256")
        found[hashlib.sha256(key).hexdigest()[:8]] = key
    return found


def _mac(key: bytes, text: bytes) -> str:
    return hmac.digest(key, text, "sha256").hex()
