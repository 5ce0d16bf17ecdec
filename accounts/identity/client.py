"""How we ask a national service who somebody is, and what its answer must be to be believed."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

Claims = dict[str, Any]


class ServiceClient(OpenIDConnectOAuth2Adapter):
    """The signature of each token, its nonce, its level of proof and its subject are checked."""

    state: dict[str, Any] = {}  # what was kept in the session when the person left; set by the view

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        path = reverse("way_in_return", args=[self.provider_id])
        return str(build_absolute_uri(request, path, self.redirect_uri_protocol))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        answer = kwargs["response"]
        try:
            proof = self._decode_id_token(app, answer["id_token"])
            person = self._fetch_user_info(token.token)
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("incomplete answer") from error
        self.check_speaker(request)
        self.check_nonce(proof)
        self.check_level(app, proof)
        if not person.get("sub") or person["sub"] != proof.get("sub"):
            raise OAuth2Error("the claims are of somebody else")
        data = {"id_token": proof, "userinfo": person}
        return self.get_provider().sociallogin_from_response(request, data)

    def check_speaker(self, request: HttpRequest) -> None:
        """The answer names who gives it, when it does: it must be whom we asked (RFC 9207)."""
        speaker = request.GET.get("iss")
        if speaker and speaker != self.openid_config["issuer"]:
            raise OAuth2Error("another service answers")

    def check_nonce(self, proof: Claims) -> None:
        asked = self.state.get("nonce", "")
        if not asked or not constant_time_compare(proof.get("nonce") or "", asked):
            raise OAuth2Error("the answer is not to our question")

    def check_level(self, app: SocialApp, proof: Claims) -> None:
        if proof.get("acr") not in app.settings["accepted_acr"]:
            raise OAuth2Error("the identity is not proved enough")

    def _decode_id_token(self, app: SocialApp, id_token: str) -> Claims:
        return self._verified(app, id_token)

    def _fetch_user_info(self, access_token: str) -> Claims:
        """ProConnect signs its answer, Pro Santé Connect does not; unsigned, TLS vouches for it."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(
                self.profile_url, headers={"Authorization": f"Bearer {access_token}"}
            )
            answer.raise_for_status()
        if "jwt" in answer.headers.get("Content-Type", ""):
            return self._verified(self.get_provider().app, answer.text)
        if self.get_provider().id == "proconnect":
            raise OAuth2Error("the claims are not signed")
        claims = answer.json()
        if not isinstance(claims, dict):
            raise OAuth2Error("incomplete answer")
        return claims

    def _verified(self, app: SocialApp, credential: str) -> Claims:
        claims: Claims = jwtkit.verify_and_decode(
            credential=credential,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class ReturnView(OAuth2CallbackView):
    """allauth's, which lets the client know what was kept in the session."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response
