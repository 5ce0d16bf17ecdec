"""Steps of an application that logs people in here, without a browser; keys made once."""

import base64
import hashlib
import secrets
from functools import cache
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse
from joserfc import jwk, jwt

from accounts.services.applications import register

ISSUER = "http://testserver/identite"
BACK = "https://agora.example/retour"
LEFT = "https://agora.example/au-revoir"


@cache
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def one_key() -> list[dict]:
    return [{"pem": pem(), "issued_at": "2026-01-01T00:00:00+00:00"}]


def make_application(**fields):
    """An application of ours, open to every account unless told otherwise; its secret beside."""
    defaults = {"name": "Agora", "redirect_uris": [BACK], "logout_uris": [LEFT], "is_ours": True}
    if not {"actions", "roles"} & set(fields):
        defaults["actions"] = ["acc.self"]
    application, secret = register(**defaults | fields)
    application.secret = secret
    return application


class Relying:
    """What a well-written application sends and checks, one visit of a person."""

    def __init__(self, application, browser):
        self.application, self.browser, self.server = application, browser, Client()
        self.verifier = secrets.token_urlsafe(48)
        self.state, self.nonce = secrets.token_urlsafe(8), secrets.token_urlsafe(8)

    def asked(self, **changes) -> dict:
        challenge = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "client_id": self.application.client_id,
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": "openid profile email habilitations",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        } | changes
        return {name: value for name, value in asked.items() if value is not None}

    def authorize(self, **changes):
        return self.browser.get(reverse("idp:oidc:authorization"), self.asked(**changes))

    def code(self, **changes) -> str:
        return told(self.authorize(**changes))["code"]

    def post(self, name, data):
        secret = f"{self.application.client_id}:{self.application.secret}".encode()
        header = f"Basic {base64.b64encode(secret).decode()}"
        return self.server.post(
            reverse(f"idp:oidc:{name}"), data, headers={"Authorization": header}
        )

    def redeem(self, code, **changes):
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": self.verifier,
            "client_id": self.application.client_id,
        } | changes
        return self.post("token", {name: one for name, one in data.items() if one is not None})

    def enter(self, **changes) -> dict:
        """The tokens of a whole entry."""
        answer = self.redeem(self.code(**changes))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def refresh(self, token):
        data = {"grant_type": "refresh_token", "refresh_token": token}
        return self.post("token", data | {"client_id": self.application.client_id})

    def person(self, token):
        return self.server.get(
            reverse("idp:oidc:userinfo"), headers={"Authorization": f"Bearer {token}"}
        )

    def claims(self, id_token) -> dict:
        keys = jwk.KeySet.import_key_set(self.server.get(reverse("idp:oidc:jwks")).json())
        decoded = jwt.decode(id_token, keys, algorithms=["RS256"])
        registry = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": self.application.client_id},
        )
        registry.validate(decoded.claims)
        return decoded.claims


def told(response) -> dict:
    """What the application reads at its address of return."""
    assert response.status_code == 302, response.content
    location = urlsplit(response["Location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == BACK
    return {name: values[0] for name, values in parse_qs(location.query).items()}
