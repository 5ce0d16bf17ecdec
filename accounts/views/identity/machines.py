"""What applications ask of PASREL without anybody in front: addresses, keys, tokens, claims."""

import json
from http import HTTPStatus

from allauth.idp.oidc import app_settings
from allauth.idp.oidc import views as allauth_views
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.db import DataError, transaction
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.identity import entry
from accounts.identity.adapter import SCOPES
from accounts.models import SignOn

GRANTS = {Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN}


@require_safe
def configuration(request):
    """The discovery document: what we do, and nothing that allauth could do besides."""
    origin = settings.OIDC_ISSUER.removesuffix("/identite")
    at = {
        name: f"{origin}{reverse(f'idp:oidc:{name}')}"
        for name in ("authorization", "token", "userinfo", "jwks", "logout", "revoke")
    }
    answer = JsonResponse(
        {
            "issuer": settings.OIDC_ISSUER,
            "authorization_endpoint": at["authorization"],
            "token_endpoint": at["token"],
            "userinfo_endpoint": at["userinfo"],
            "jwks_uri": at["jwks"],
            "end_session_endpoint": at["logout"],
            "revocation_endpoint": at["revoke"],
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": sorted(one.value for one in GRANTS),
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": list(app_settings.AUTH_METHODS),
            "authorization_response_iss_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "claims_supported": [
                "sub", "name", "given_name", "family_name", "preferred_username", "email",
                "email_verified", "profil", "roles", "habilitations", "sid", "auth_time", "amr",
            ],
        }
    )  # fmt: skip
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


class Answering:
    """What no column takes (a NUL) is nobody's code, token nor number: refused like the others."""

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except DataError:
            return refused("invalid_request")


class TokenView(Answering, allauth_views.TokenView):
    """Codes and refresh tokens are good once, while the sign-on they belong to is good."""

    @transaction.atomic
    def post(self, request):
        if request.GET:
            return refused("invalid_request", "nothing in the address")
        grant = request.POST.get("grant_type")
        if grant not in GRANTS:
            return refused("unsupported_grant_type")
        by_code = grant == Client.GrantType.AUTHORIZATION_CODE
        sign_on = sign_on_for(request.POST, by_code=by_code)
        if sign_on is None:
            return self.answer_without_sign_on(request)
        request.sign_on = sign_on
        answer = super().post(request)
        if answer.status_code == HTTPStatus.OK:
            return self.keep(sign_on, request, answer)
        if by_code and sign_on.redeemed_at and answer.status_code == HTTPStatus.BAD_REQUEST:
            entry.end(sign_on)  # the code came twice from the application itself: it leaked
        return answer

    def answer_without_sign_on(self, request):
        """A code or a token of nobody; a refresh token that was already exchanged was stolen."""
        answer = super().post(request)
        spent = entry.digest(request.POST.get("refresh_token", ""))
        stolen = SignOn.objects.living().filter(spent_tokens__contains=[spent])
        for sign_on in stolen.select_related("application"):
            entry.end(sign_on)
        return answer if answer.status_code >= HTTPStatus.BAD_REQUEST else refused("invalid_grant")

    def keep(self, sign_on, request, answer):
        given = json.loads(answer.content)
        entry.mark_tokens(sign_on, given["access_token"], given.get("refresh_token", ""))
        if spent := request.POST.get("refresh_token"):
            sign_on.spent_tokens.append(entry.digest(spent))
        sign_on.redeemed_at = sign_on.redeemed_at or timezone.now()
        sign_on.save(update_fields=["spent_tokens", "redeemed_at"])
        answer["Cache-Control"] = "no-store"
        return answer


def sign_on_for(posted, *, by_code: bool) -> SignOn | None:
    """The sign-on a request is about, locked; ended on the spot when its ground is lost."""
    related = SignOn.objects.select_for_update(of=["self"])
    related = related.select_related("application__client", "user", "session")
    if by_code:
        found = related.filter(code_digest=entry.digest(posted.get("code", ""))).first()
    else:
        token = Token.objects.lookup(Token.Type.REFRESH_TOKEN, posted.get("refresh_token", ""))
        held = entry.sign_on_of(token)
        found = held and related.filter(pk=held.pk).first()
    if found is None or found.ended_at:
        return None
    if not entry.is_good(found):
        entry.end(found)
        return None
    return found


class UserInfoView(allauth_views.UserInfoView):
    """The claims, while the sign-on is good: the right to enter is asked again each time."""

    def _respond(self, request):
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        token = None
        if scheme.lower() == "bearer" and not request.GET:
            token = Token.objects.lookup(Token.Type.ACCESS_TOKEN, value)
        sign_on = entry.sign_on_of(token)
        if sign_on is None or not entry.is_good(sign_on):
            answer = refused("invalid_token", status=HTTPStatus.UNAUTHORIZED)
            answer["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return answer
        request.sign_on = sign_on
        answer = super()._respond(request)
        answer["Cache-Control"] = "no-store"
        return answer


class RevokeView(Answering, allauth_views.RevokeView):
    """Giving back a refresh token ends the sign-on, its access tokens with it (RFC 7009)."""

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        token = Token.objects.lookup(Token.Type.REFRESH_TOKEN, request.POST.get("token", ""))
        sign_on = entry.sign_on_of(token)
        answer = super().post(request, *args, **kwargs)
        is_gone = token is not None and not Token.objects.filter(pk=token.pk).exists()
        if sign_on is not None and is_gone and sign_on.ended_at is None:
            entry.end(sign_on)
        return answer


def refused(error: str, description: str = "", status: int = HTTPStatus.BAD_REQUEST):
    told = {"error": error} | ({"error_description": description} if description else {})
    answer = JsonResponse(told, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
