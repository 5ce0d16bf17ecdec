"""The page where an application sends people to log in, and the answers it gets at its address."""

import time
from urllib.parse import parse_qs, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import del_query_params
from allauth.idp.oidc import views as allauth_views
from allauth.idp.oidc.forms import AuthorizationForm
from allauth.idp.oidc.internal.oauthlib.server import get_server
from allauth.idp.oidc.internal.oauthlib.utils import extract_params
from allauth.idp.oidc.internal.resources import get_resources
from allauth.idp.oidc.views import _ClientHttpResponseRedirect as ToClient
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from accounts.denials import record_denial
from accounts.identity import entry
from accounts.identity.adapter import SCOPES
from accounts.identity.checks import (
    Refusal,
    UnknownClientError,
    application_of,
    origins_of,
    refusal_of,
    with_query,
)
from accounts.identity.middleware import forget_origins, remember_origins
from journal.services import record

CONSENT_LIFE = 600  # seconds
LONGEST_AGE = 10  # digits of « max_age »
ON_THE_WAY = 60  # seconds: who has just proved who they are is not asked again before arriving
TOO_LATE = (
    "Cette demande de connexion n’est plus valable. Revenez à l’application et connectez-vous de "
    "nouveau."
)


class ConsentForm(AuthorizationForm):
    """What the application will know; that somebody entered is known to it whatever is ticked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scopes = self.fields["scopes"]
        scopes.label, scopes.required = "Elle connaîtra", False
        asked = dict(scopes.choices)
        scopes.widget.choices = [
            (one, text) for one, text in SCOPES.items() if one in asked and one != "openid"
        ]

    def clean_scopes(self) -> list[str]:
        kept = self.cleaned_data["scopes"]
        return kept if "openid" in kept else ["openid", *kept]


class AuthorizationView(allauth_views.AuthorizationView):
    """allauth's, behind our checks: the request, then the person, then their right to enter."""

    template_name = "identity/consent.html"
    form_class = ConsentForm

    def dispatch(self, request, *args, **kwargs):
        try:
            self.query = asked_in(request)
            self.application = application_of(self.query)
        except UnknownClientError as error:
            return render(request, "identity/error.html", {"reason": str(error)}, status=400)
        if refusal := refusal_of(self.query):
            return self.send_back(refusal)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        prompts = self.query.get("prompt", "").split()
        if "none" in prompts:
            return self.answer_silently(prompts)
        if response := self._login_required(request):
            remember_origins(request, origins_of(self.application))
            return response
        if is_older(request, self.query.get("max_age", "")):
            remember_origins(request, origins_of(self.application))
            return self._handle_login_prompt(request, ["login"])
        if "select_account" in prompts or needs_a_choice(request.user):
            return self.ask_for_a_profile(prompts)
        if response := self.refuse_who_may_not():
            return response
        return self.go_on(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """The consent, under the profile it was shown under: another may be in use since."""
        if "request" not in request.POST:
            return redirect(self.address_again())
        if request.POST.get("profile", "") != str(profile_number(request.user)):
            return redirect(self.address_again())
        return self.refuse_who_may_not() or super().post(request, *args, **kwargs)

    def answer_silently(self, prompts):
        """« prompt=none »: answer at once or say what is missing, never show a page."""
        user = self.request.user
        if not user.is_authenticated or is_older(self.request, self.query.get("max_age", "")):
            return self.send_back(Refusal("login_required"))
        if len(prompts) > 1:
            return self.send_back(Refusal("invalid_request", "prompt=none stands alone"))
        if needs_a_choice(user):
            return self.send_back(Refusal("interaction_required"))
        if not entry.admits(self.application, user, user.active_profile):
            return self.send_back(Refusal("access_denied"))
        if not self.application.client.skip_consent:
            return self.send_back(Refusal("consent_required"))
        query = self.request.GET.copy()
        del query["prompt"]
        self.request.GET = query
        self.request.META["QUERY_STRING"] = query.urlencode()
        return self.go_on(self.request)

    def go_on(self, request, *args, **kwargs):
        """What allauth checks besides is told to the application, at its address."""
        try:
            self._scopes, self._request_info = get_server().validate_authorization_request(
                *extract_params(request)
            )
        except OAuth2Error as error:
            return self.send_back(Refusal(error.error, error.description or ""))
        self._request_info["resources"] = get_resources(request)
        remember_origins(request, origins_of(self.application))
        if self.application.client.skip_consent and "consent" not in self.query.get("prompt", ""):
            return self._skip_consent()
        return self.render_to_response(self.get_context_data())

    def ask_for_a_profile(self, prompts):
        """Choose under which profile to enter, then come back here."""
        remember_origins(self.request, origins_of(self.application))
        if len(self.request.user.usable_profiles) < 2:
            return redirect(self.address_again(without_prompt=True))
        target = self.address_again(without_prompt=True)
        return redirect(f"{reverse('profiles:choose')}?{urlencode({'next': target})}")

    def refuse_who_may_not(self):
        """Say which application, why, and what to do; the application is not told who came."""
        user = self.request.user
        if not user.is_authenticated or entry.admits(self.application, user, user.active_profile):
            return None
        name = self.application.client.name
        record_denial(self.request, f"{name} n’est pas ouverte à ce profil.")
        context = {
            "application": name,
            "others": entry.profiles_admitted(self.application, user),
            "back": self.address_back(Refusal("access_denied")),
            "next": self.address_again(),
        }
        return render(self.request, "identity/refused.html", context, status=403)

    def get_initial(self):
        """The request goes through the form signed: for this person, for ten minutes."""
        self._request_info |= {
            "asked": self.query.urlencode(),
            "person": self.request.user.pk,
            "at": time.time(),
        }
        return super().get_initial()

    def form_valid(self, form):
        """Agreed, or asked of nobody: note who enters before the code leaves."""
        for ours in ("asked", "person", "at"):
            self._request_info.pop(ours, None)
        response = super().form_valid(form)
        location = urlsplit(response.get("Location", ""))
        code = parse_qs(location.query).get("code")
        if not code:
            return response
        entry.begin(self.application, self.request, code[0])
        record("account.application_entered", by=self.request.user, target=str(self.application))
        forget_origins(self.request)
        response["Location"] = with_query(location.geturl(), iss=settings.OIDC_ISSUER)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def _respond_with_access_denied(self):
        forget_origins(self.request)
        return self.send_back(Refusal("access_denied"))

    def send_back(self, refusal: Refusal):
        return ToClient(self.address_back(refusal))

    def address_back(self, refusal: Refusal) -> str:
        """The application’s address with the error, its own state, and who speaks (RFC 9207)."""
        values = {"error": refusal.error, "iss": settings.OIDC_ISSUER}
        if refusal.description:
            values["error_description"] = refusal.description
        if state := self.query.get("state"):
            values["state"] = state
        return with_query(self.query["redirect_uri"], **values)

    def address_again(self, *, without_prompt: bool = False) -> str:
        address = f"{self.request.path}?{self.query.urlencode()}"
        return del_query_params(address, "prompt") if without_prompt else address

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "application": self.application,
            "profile": self.request.user.active_profile,
            "has_others": len(self.request.user.usable_profiles) > 1,
            "choose": f"{reverse('profiles:choose')}?{urlencode({'next': self.address_again()})}",
        }


def asked_in(request) -> QueryDict:
    """What the application asked: in the address, or signed by us in the form of consent."""
    signed = request.POST.get("request")
    if request.method != "POST" or not signed:
        return request.GET if request.method in ("GET", "HEAD") else request.POST
    try:
        _, info = Signer().unsign_object(signed)
        asked, person, at = QueryDict(info["asked"]), info["person"], info["at"]
    except (BadSignature, KeyError, TypeError, ValueError):
        raise UnknownClientError(TOO_LATE) from None
    if person != request.user.pk or time.time() - at > CONSENT_LIFE:
        raise UnknownClientError(TOO_LATE)
    return asked


def is_older(request, max_age: str) -> bool:
    """Whether the person proved who they are longer ago than the application accepts (seconds)."""
    is_number = max_age.isascii() and max_age.isdigit() and len(max_age) <= LONGEST_AGE
    if not is_number or not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    age = time.time() - max((one["at"] for one in records), default=0)
    return age > max(int(max_age), ON_THE_WAY)


def needs_a_choice(user) -> bool:
    return user.active_profile is None and len(user.usable_profiles) > 1


def profile_number(user) -> int | str:
    profile = getattr(user, "active_profile", None)
    return profile.pk if profile else ""
