"""A national service that runs on this machine: it signs what the test says it knows."""

import base64
import hashlib
import json
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

from tests.local_server import LocalServer

CLIENT, SECRET = "stocks-sante", "a-secret-of-the-service"


@cache
def service_key() -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": "service-1", "alg": "RS256", "use": "sig"})


class Service(LocalServer):
    """``person`` is what it answers; ``lies`` changes the ID token, ``signs`` the claims."""

    def __init__(self, *, signs: bool):
        self.signs, self.person, self.lies, self.codes = signs, {}, {}, {}
        self.key, self.asked = service_key(), {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.answer(self, urlsplit(self.path).path, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                service.answer(self, urlsplit(self.path).path, flat(body))

            def log_message(self, *arguments):
                pass

        self.serve(ThreadingHTTPServer(("127.0.0.1", 0), Handler))

    def answer(self, handler, path, posted):
        kind, content = "application/json", b""
        if path == "/.well-known/openid-configuration":
            content = json.dumps(self.configuration()).encode()
        elif path == "/keys":
            public = jwk.KeySet([service_key()]).as_dict(private=False)
            content = json.dumps(public).encode()
        elif path == "/token":
            content = json.dumps(self.token(posted)).encode()
        elif path == "/person":
            claims = {"sub": "f:service:1", **self.person}
            content = json.dumps(claims).encode()
            if self.signs:
                kind, content = "application/jwt", self.signed(claims).encode()
        handler.send_response(200 if content else 404)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def configuration(self) -> dict:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/person",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def accept(self, location: str) -> str:
        """The person says yes: where the browser goes next, as the service would send it."""
        self.asked = flat(urlsplit(location).query)
        code = f"code-{len(self.codes)}"
        self.codes[code] = self.asked
        query = urlencode({"code": code, "state": self.asked["state"]})
        return f"{self.asked['redirect_uri']}?{query}"

    def token(self, posted: dict) -> dict:
        asked = self.codes.pop(posted["code"])
        digest = hashlib.sha256(posted["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert challenge == asked["code_challenge"]
        claims = {"sub": "f:service:1", "nonce": asked["nonce"], "acr": "eidas1"} | self.lies
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: dict) -> str:
        now = int(time.time())
        usual = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60}
        return jwt.encode({"alg": "RS256", "kid": "service-1"}, usual | claims, self.key)


def flat(query: str) -> dict:
    return {name: values[0] for name, values in parse_qs(query).items()}
