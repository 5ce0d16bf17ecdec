"""A tiny application of somebody else, on a port of its own: authlib, code and PKCE S256.

« / » sends people to log in, « /retour » checks the answer and shows what it learned, « /quitter »
leaves; what the service tells behind the browser’s back arrives at « /fin ».
"""

import json
import secrets
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwk, jwt

from tests.local_server import LocalServer

SCOPE = "openid profile email habilitations"


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


class RelyingParty(LocalServer):
    """``client_id`` and ``secret`` are given once the application is registered."""

    def __init__(self, issuer: str):
        self.issuer, self.visits, self.entered, self.ended = issuer, {}, [], []
        self.client_id = self.secret = ""
        self.serve(make_server("127.0.0.1", 0, self.answer, handler_class=Quiet))

    def answer(self, environ, start):
        pages = {"/": self.leave_for, "/retour": self.come_back, "/quitter": self.leave}
        query = {name: one[0] for name, one in parse_qs(environ["QUERY_STRING"]).items()}
        if environ["PATH_INFO"] == "/fin":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
            self.ended.append(self.checked(parse_qs(body)["logout_token"][0]))
            status, headers, text = "200 OK", [], ""
        elif environ["PATH_INFO"] in pages:
            status, headers, text = pages[environ["PATH_INFO"]](query)
        else:
            status, headers, text = "200 OK", [], "Au revoir"
        start(status, [("Content-Type", "text/html; charset=utf-8"), *headers])
        return [f'<!doctype html><html lang="fr"><title>Agora</title><p>{text}</p>'.encode()]

    def session(self) -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.secret,
            scope=SCOPE,
            redirect_uri=f"{self.url}/retour",
            code_challenge_method="S256",
        )

    def configuration(self) -> dict:
        found = requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).json()
        assert found["issuer"] == self.issuer
        return found

    def leave_for(self, query):
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        address, state = self.session().create_authorization_url(
            self.configuration()["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
        self.visits[state] = (verifier, nonce)
        return "302 Found", [("Location", address)], ""

    def come_back(self, query):
        if "error" in query:
            return "200 OK", [], f"refus : {query['error']}"
        assert query["iss"] == self.issuer
        verifier, nonce = self.visits.pop(query["state"])
        at, session = self.configuration(), self.session()
        tokens = session.fetch_token(
            at["token_endpoint"],
            authorization_response=f"{self.url}/retour?{urlencode(query)}",
            code_verifier=verifier,
        )
        claims = self.checked(tokens["id_token"])
        assert claims["nonce"] == nonce
        person = session.get(at["userinfo_endpoint"]).json()
        assert person["sub"] == claims["sub"]
        self.entered.append((tokens, claims))
        return "200 OK", [], f"Bonjour {person['name']}, {json.dumps(person['profil'])}"

    def leave(self, query):
        tokens, _ = self.entered[-1]
        asked = {
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": f"{self.url}/au-revoir",
        }
        address = f"{self.configuration()['end_session_endpoint']}?{urlencode(asked)}"
        return "302 Found", [("Location", address)], ""

    def checked(self, token: str) -> dict:
        """The claims of a token of the issuer, for us, not expired."""
        answer = requests.get(self.configuration()["jwks_uri"], timeout=5)
        claims = jwt.decode(token, jwk.KeySet.import_key_set(answer.json()), ["RS256"]).claims
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
        ).validate(claims)
        return claims
