"""The API of Chorus Pro, as PISTE documents it: a token, a technical account, POST only.

An answer says how it went by its HTTP status and by ``codeRetour`` (0: done). What may be tried
again, what the account is not allowed and what is refused are three exceptions, with no secret in
any.
"""

import base64
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

import requests
from django.conf import settings

PATIENCE: Final = (5, 20)  # seconds to connect, to answer
EARLY: Final = 60  # seconds: a token about to expire is not used
UNAUTHORIZED, SERVER_ERROR = 401, 500
BUSY: Final = (408, 429)
UNDERSTOOD: Final = (200, 400)  # it read what was asked; any other is between it and the account
LONGEST: Final = 200
SYNTAX: Final = "IN_DP_E2_CII_FACTURX"


class ChorusError(Exception):
    """Chorus Pro did not do it. The message is for the person, in French."""


class PassingError(ChorusError):
    """It did not answer, or not now: to try again. ``is_doubtful``: it may have been done."""

    def __init__(self, message: str, *, is_doubtful: bool = False) -> None:
        super().__init__(message)
        self.is_doubtful = is_doubtful


class AccountError(PassingError):
    """It does not let this account in, or not there: to try again once somebody mended that."""


class RefusedError(ChorusError):
    """It read what was asked and refused it, and would again."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a deployment received from PISTE and from Chorus Pro."""

    client_id: str
    client_secret: str
    login: str
    password: str
    token_url: str
    api_url: str

    @property
    def is_complete(self) -> bool:
        return all((self.client_id, self.client_secret, self.login, self.password))


def account() -> Account:
    return Account(**settings.CHORUS_PRO)


def is_open() -> bool:
    """Whether this deployment deposits by itself."""
    return account().is_complete


_TOKENS: dict[tuple[str, str], tuple[str, float]] = {}  # by address and client: token, until
_LOCK = threading.Lock()


def call(path: str, content: dict[str, Any], *, patience: Any = PATIENCE) -> dict[str, Any]:
    """Ask; a token that expired meanwhile is renewed once."""
    known = account()
    answer = _post(known, path, content, _token(known, patience), patience)
    if answer.status_code == UNAUTHORIZED:
        forget_token(known)
        answer = _post(known, path, content, _token(known, patience), patience)
    return _read(answer, "Chorus Pro")


def forget_token(known: Account) -> None:
    with _LOCK:
        _TOKENS.pop((known.token_url, known.client_id), None)


def _token(known: Account, patience: Any) -> str:
    key = (known.token_url, known.client_id)
    with _LOCK:
        token, until = _TOKENS.get(key, ("", 0.0))
    if token and time.monotonic() < until:
        return token
    form = {
        "grant_type": "client_credentials",
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        "scope": "openid",
    }
    try:
        answer = requests.post(known.token_url, data=form, timeout=patience, allow_redirects=False)
    except requests.RequestException as error:
        raise PassingError("PISTE, qui ouvre l’accès à Chorus Pro, ne répond pas.") from error
    try:
        told = _read(answer, "PISTE")
    except RefusedError as refusal:
        raise AccountError(str(refusal)) from refusal
    token, lasts = str(told.get("access_token", "")), float(told.get("expires_in", 0))
    if not token:
        raise AccountError("PISTE n’a pas donné d’accès à Chorus Pro.")
    with _LOCK:
        _TOKENS[key] = (token, time.monotonic() + lasts - EARLY)
    return token


def _post(
    known: Account, path: str, content: dict[str, Any], token: str, patience: Any
) -> requests.Response:
    pair = f"{known.login}:{known.password}".encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "cpro-account": base64.b64encode(pair).decode(),
        "Content-Type": "application/json;charset=utf-8",
        "Accept": "application/json;charset=utf-8",
    }
    address = f"{known.api_url}/{path}"
    try:
        return requests.post(
            address, json=content, headers=headers, timeout=patience, allow_redirects=False
        )
    except requests.ConnectTimeout as error:
        raise PassingError("Chorus Pro ne répond pas.") from error
    except requests.RequestException as error:
        raise PassingError("Chorus Pro n’a pas répondu à temps.", is_doubtful=True) from error


def _read(answer: requests.Response, who: str) -> dict[str, Any]:
    told = _json(answer)
    label = str(told.get("libelle") or told.get("error_description") or "")[:LONGEST]
    status = answer.status_code
    if status >= SERVER_ERROR:
        raise PassingError(f"{who} est en panne ({status}).", is_doubtful=True)
    if status in BUSY:
        raise PassingError(f"{who} est trop demandé ({status}).")
    if status not in UNDERSTOOD:
        raise AccountError(f"{who} n’ouvre pas l’accès ({status}).")
    if status != requests.codes.ok or told.get("codeRetour"):
        code = told.get("codeRetour") or status
        raise RefusedError(f"{who} refuse ({code})\u00a0: {label or 'sans motif'}")
    return told


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except requests.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
