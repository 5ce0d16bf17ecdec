"""The keys that sign: files of a folder every machine reads, or the environment's.

A new key is published before it signs, and kept published until what it signed has expired: no
application ever meets a signature whose key it cannot find.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from allauth.core.internal.jwkkit import load_jwk_from_pem
from allauth.idp.oidc.models import PrivateKey
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

PUBLISHED_BEFORE = timedelta(hours=2)  # twice what applications may keep our list of keys
KEPT_AFTER = timedelta(hours=1)  # more than the life of an ID token
BITS = 3072


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key and its dates: it signs from ``not_before``, is forgotten at ``expires_at``."""

    pem: str
    issued_at: datetime
    not_before: datetime | None = None
    expires_at: datetime | None = None
    path: Path | None = None

    @property
    def number(self) -> str:
        """The « kid » by which signatures name it."""
        return str(load_jwk_from_pem(self.pem)[0]["kid"])

    @property
    def file(self) -> Path:
        """Where it is kept: only the keys of the folder are made and forgotten here."""
        assert self.path is not None  # noqa: S101
        return self.path

    def for_allauth(self) -> PrivateKey:
        return PrivateKey(
            pem=self.pem,
            issued_at=self.issued_at,
            not_before=self.not_before,
            expires_at=self.expires_at,
        )


def signing_keys() -> list[SigningKey]:
    """All the keys, oldest first; on one's own machine the first is made when there is none."""
    if settings.OIDC_KEYS:
        found = [_read(values) for values in settings.OIDC_KEYS]
    else:
        found = _files()
        if not found and settings.OIDC_MAKES_KEYS:
            _write(_new_key(), name="first", overwrite=False)
            found = _files()
    return sorted(found, key=lambda key: key.issued_at)


def signing_key() -> SigningKey:
    """The newest key that has begun to sign and is not forgotten."""
    now = timezone.now()
    usable = [
        key
        for key in signing_keys()
        if (key.not_before is None or key.not_before <= now)
        and (key.expires_at is None or key.expires_at > now)
    ]
    if not usable:
        raise ImproperlyConfigured("Aucune clé de signature : lancez « manage.py oidc_keys new ».")
    return usable[-1]


def rotate(*, at_once: bool = False) -> SigningKey:
    """Make the next key and say when the present ones will be forgotten.

    ``at_once``: the present ones are known to somebody else, those about to be forgotten as well.
    The new one signs from now and the others stop being published: what they signed is refused.
    """
    now = timezone.now()
    present = [
        key
        for key in signing_keys()
        if key.expires_at is None or (at_once and key.expires_at > now)
    ]
    starts = now if at_once or not present else now + PUBLISHED_BEFORE
    for key in present:
        ends = now if at_once else starts + KEPT_AFTER
        _write(replace(key, expires_at=ends), name=key.file.stem, overwrite=True)
    return _write(_new_key(not_before=starts), name=f"{now:%Y%m%dT%H%M%S%f}", overwrite=False)


def forget_expired() -> int:
    """Delete the files of the keys that nobody may use any more."""
    gone = [key for key in _files() if key.expires_at and key.expires_at < timezone.now()]
    for key in gone:
        key.file.unlink()
    return len(gone)


def _new_key(not_before: datetime | None = None) -> SigningKey:
    pem = rsa.generate_private_key(public_exponent=65537, key_size=BITS).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SigningKey(pem.decode(), timezone.now(), not_before)


def _files() -> list[SigningKey]:
    paths = sorted(settings.OIDC_KEYS_FOLDER.glob("*.json"))
    return [_read(json.loads(path.read_text()), path) for path in paths]


def _read(values: dict[str, str], path: Path | None = None) -> SigningKey:
    dates = {
        name: datetime.fromisoformat(values[name])
        for name in ("issued_at", "not_before", "expires_at")
        if values.get(name)
    }
    return SigningKey(pem=values["pem"], path=path, **dates)


def _write(key: SigningKey, *, name: str, overwrite: bool) -> SigningKey:
    """Write a whole file or none; of two processes that make the first key, one wins."""
    folder = settings.OIDC_KEYS_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    values = {
        field: value.isoformat() if isinstance(value, datetime) else value
        for field, value in asdict(key).items()
        if field != "path"
    }
    draft = folder / f".{name}.{os.getpid()}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(values, file, indent=1)
    try:
        if overwrite:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    return replace(key, path=path)
