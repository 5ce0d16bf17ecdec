"""Each request knows the profile in use; history and journal record it beside each change.

Here too: an act of the person keeps their session open, the end of a session is told why, and
those whose role requires a second factor meet nothing else before they have one.
"""

import re

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from pghistory.middleware import HistoryMiddleware as PghistoryMiddleware

from accounts.conditions import email_code_suffices, second_factor_is_ready
from accounts.denials import record_denial
from accounts.identity.proof import two_factors_proved
from accounts.sessions import End

SESSION_KEY = "profile"
BEFORE_FACTOR = "before_factor"  # the page that waits for the second factor
AUTOMATIC = "X-Automatic"  # sent by the pages that refresh themselves
# all that one meets while a required second factor is missing
WITHOUT_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_logout",
        "session_time",
        "access",  # says why one is stopped here
        "support:contact",  # and this one, whom to ask
        "support:contact_new",
        "support:contact_who",
        "support:contact_follow",
        "support:contact_followed",
        "support:followed_screenshot",
        "health",
        "accessibility",
        "legal_notice",
        "personal_data",
        "cookies",
        "terms",
        "security_contact",
        "robots",
    }
)
FACTOR_MISSING = "Activez d’abord votre second facteur : votre rôle le demande."
SECRET_LINK = re.compile(r"^(/comptes/mot-de-passe/nouveau/|/invitation/|/aide/contact/suivi/).+")


class ActiveProfileMiddleware:
    """Hand the chosen profile's number to the user; rights are re-read at each request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.user.chosen_profile_id = request.session.get(SESSION_KEY)
            request.user.request_address = get_client_ip(request)
            request.user.factor_proved_elsewhere = two_factors_proved(request.session, request.user)
            request.session.is_automatic = AUTOMATIC in request.headers
            request.session.prolong()
        response = self.get_response(request)
        if request.user.is_authenticated:  # a machine is told by its token
            request.role_letter = request.user.letter  # all that the log tells of them
        return response

    def process_exception(self, request, exception):
        """A refusal is recorded, with what was asked; the page itself is the error handler's."""
        if isinstance(exception, PermissionDenied) and request.user.is_authenticated:
            record_denial(request, str(exception))


class SessionEndMiddleware:
    """Say why one is no longer logged in, once, on the next page shown: the login page, mostly."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            tell_end(request)
        return self.get_response(request)


def tell_end(request) -> None:
    """Why the session brought by the browser is none; who is logging in already knows."""
    is_login = request.method == "POST" and request.path == reverse("account_login")
    if not is_login and (end := end_of_session(request)):
        messages.warning(request, end.value)


def end_of_session(request) -> End | None:
    """As the session says; one that was read, but whose account may no longer log in, was ended."""
    session = request.session
    return session.end or (End.ELSEWHERE if session.is_of_someone else None)


class SecondFactorMiddleware:
    """A required second factor comes before everything else, whatever the way in.

    Those who have one were asked for it at login, by allauth; the others meet a short list of pages
    until they have, then go on to the page they asked for. A code by e-mail counts for the session
    in which it was given.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.view_name in WITHOUT_FACTOR:
            return None
        if not request.user.is_authenticated:
            return None
        if is_proved(request):
            request.session.pop(BEFORE_FACTOR, None)
            return None
        if "text/html" in request.headers.get("Accept", "text/html"):
            if request.method == "GET":
                request.session[BEFORE_FACTOR] = request.get_full_path()
            return redirect("mfa_index")
        return JsonResponse({"sentence": FACTOR_MISSING}, status=403)


def is_proved(request) -> bool:
    """Whether nothing is missing for the person, in this session."""
    if not second_factor_is_ready(request.user):
        return False
    if request.user.factor_proved_elsewhere:
        return True
    if not email_code_suffices(request.user):
        return True
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "code" for record in records)


class HistoryMiddleware(PghistoryMiddleware):
    """Put the profile, the request number and the address beside each change of a record."""

    def get_context(self, request):
        return super().get_context(request) | {
            "url": SECRET_LINK.sub(
                r"\1…/", request.path
            ),  # a link that opens an account is a secret
            "profile": request.session.get(SESSION_KEY),
            "request": request.id,
            "address": getattr(request.user, "request_address", None) or get_client_ip(request),
        }
