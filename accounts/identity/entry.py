"""Who may enter an application, and how long what they entered with stays good."""

import hashlib
from datetime import UTC, datetime
from typing import cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.idp.oidc.models import Token
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.conditions import right_is_in_force
from accounts.grants import GRANTS, code_of, letters_held
from accounts.identity.tasks import tell_logout
from accounts.models import OidcApplication, Profile, SignOn, User
from accounts.sessions import SessionStore
from establishments.perimeter import Action

# how one proved who they are, in the words of RFC 8176
METHODS = {"password": "pwd", "mfa": "mfa", "socialaccount": "fed", "code": "otp"}


def admits(application: OidcApplication, user: User, profile: Profile | None) -> bool:
    """Whether the profile in use (or none) opens the application to this account."""
    actions = [Action(one) for one in application.actions]
    if any(GRANTS[action].letters.get("USR") for action in actions):
        return True
    if profile is None:
        return False
    today = timezone.localdate()
    codes = {code_of(right, profile) for right in profile.rights if right_is_in_force(right, today)}
    return bool(codes & set(application.roles)) or any(
        letters_held(profile, action, today) for action in actions
    )


def profiles_admitted(application: OidcApplication, user: User) -> list[Profile]:
    """Those of the person's profiles that would open the application."""
    return [one for one in user.usable_profiles if admits(application, user, one)]


def digest(secret: str) -> str:
    """What is kept of a code: it is useless to whoever reads the database."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(application: OidcApplication, request: HttpRequest, code: str) -> SignOn:
    """Note who enters, from which session and under which profile."""
    user = cast(User, request.user)
    records = get_authentication_records(request, user)
    at = max((one["at"] for one in records), default=None)
    moment = datetime.fromtimestamp(at, UTC) if at else user.last_login
    sign_on: SignOn = SignOn.objects.create(
        application=application,
        user=user,
        profile=user.active_profile,
        session=_session_of(request),
        code_digest=digest(code),
        authenticated_at=moment or timezone.now(),
        methods=list(dict.fromkeys(METHODS.get(one["method"], "user") for one in records)),
    )
    return sign_on


def _session_of(request: HttpRequest) -> UserSession:
    """The line of this session in the list of one's sessions."""
    sessions = UserSession.objects
    if not sessions.filter(session_key=request.session.session_key).exists():
        sessions.create_from_request(request)
    found: UserSession = sessions.get(session_key=request.session.session_key)
    return found


def is_good(sign_on: SignOn) -> bool:
    """Whether the account, the session, the profile and the right to enter are all still there."""
    application, user = sign_on.application, sign_on.user
    if sign_on.ended_at or application.revoked_at or not user.is_active:
        return False
    if sign_on.session is None or not session_is_open(sign_on.session, user):
        return False
    profile = next((one for one in user.usable_profiles if one.pk == sign_on.profile_id), None)
    if sign_on.profile_id and profile is None:
        return False
    return admits(application, user, profile)


def session_is_open(session: UserSession, user: User) -> bool:
    """Still there, of that person, and opened with the password they have now.

    Also under a former secret of the deployment, until the person comes back.
    """
    stored = SessionStore(session.session_key)
    if stored.get(SESSION_KEY) != str(user.pk):
        return False
    good = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(stored.get(HASH_SESSION_KEY, ""), one) for one in good)


def end(sign_on: SignOn) -> None:
    """Nothing it gave is good any more; the application is told when it wants to be."""
    sign_on.ended_at = timezone.now()
    sign_on.save(update_fields=["ended_at"])
    sign_on.tokens.delete()
    if sign_on.redeemed_at and sign_on.application.logout_uri:
        tell_logout.defer(number=sign_on.pk)


def mark_tokens(sign_on: SignOn, *values: str) -> None:
    """Tie the tokens just given to their sign-on."""
    digests = [digest(value) for value in values if value]
    for token in Token.objects.filter(hash__in=digests):
        token.data = (token.data or {}) | {"sign_on": sign_on.pk}
        token.save(update_fields=["data"])


def sign_on_of(token: Token | None) -> SignOn | None:
    """The sign-on that a token came from; none for a token nobody should hold."""
    if token is None or not isinstance(token.data, dict):
        return None
    related = SignOn.objects.select_related("application__client", "user", "session")
    return related.filter(pk=token.data.get("sign_on")).first()
