"""Where allauth asks us how we do things."""

import secrets
from types import SimpleNamespace

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify

from accounts.backends import person_named
from accounts.conditions import email_code_suffices, second_factor_is_needed
from accounts.devices import describe_device
from accounts.factor_secrets import open_secret, seal_secret
from accounts.limits import LOGIN_FAILURES, TooManyFailuresError
from accounts.notices.sealed import lifetime, queue_written
from accounts.services.account import end_sessions
from accounts.services.legacy import open_prepared_profiles
from journal.services import record

NOT_RECOGNISED = (
    "L’identifiant ou le mot de passe n’est pas reconnu. Vérifiez-les, ou choisissez un nouveau "
    "mot de passe par « Mot de passe oublié »."
)

# what each mail about a sensitive change is called in the journal
CHANGES = {
    "account/email/password_changed": "account.password_changed",
    "account/email/password_set": "account.password_changed",
    "account/email/password_reset": "account.password_changed",
    "account/email/email_changed": "account.email_changed",
    "account/email/email_deleted": "account.email_changed",
    "socialaccount/email/account_connected": "account.way_in_added",
    "socialaccount/email/account_disconnected": "account.way_in_removed",
    "mfa/email/totp_activated": "account.factor_added",
    "mfa/email/webauthn_added": "account.factor_added",
    "mfa/email/totp_deactivated": "account.factor_removed",
    "mfa/email/webauthn_removed": "account.factor_removed",
    "mfa/email/recovery_codes_generated": "account.recovery_codes_renewed",
}
# how one proves who one is: another session may have been opened with what has just been replaced
NEW_PROOFS = {
    "account.password_changed",
    "account.factor_added",
    "account.factor_removed",
    "account.recovery_codes_renewed",
}
OTHERS_ENDED = (
    "Vos autres sessions sont fermées : sur un autre appareil, il faudra vous reconnecter."
)

REAUTHENTICATION = {
    "reauthenticate": "Donner votre mot de passe",
    "mfa_reauthenticate": "Donner un code",
    "mfa_reauthenticate:webauthn": "Utiliser une clé d’accès",
}


class AccountAdapter(DefaultAccountAdapter):
    """Our choices on top of allauth's defaults."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": NOT_RECOGNISED,
        "username_password_mismatch": NOT_RECOGNISED,
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Ce mot de passe n’est pas le bon.",
        "incorrect_code": "Ce code n’est pas le bon, ou il a expiré.",
        "too_many_login_attempts": "Trop d’essais manqués : attendez quelques minutes.",
        "rate_limited": "Trop d’essais à la suite : attendez quelques minutes, puis recommencez.",
    }

    def authenticate(self, request, **credentials):
        """Count the failures on the person, whether they typed the address or the identifier."""
        login = credentials.get("email") or credentials.get("username") or ""
        person = person_named(login)
        key = f"account {person.pk}" if person else f"nobody {login.strip().lower()}"
        try:
            attempt = LOGIN_FAILURES.begin(key)
        except TooManyFailuresError as locked:
            raise ValidationError(str(locked)) from locked
        user = authenticate(request, **credentials)
        if user:
            attempt.succeed()
        else:
            # what was typed is not kept: people type their password in the wrong box
            known = person.username if person else "compte inconnu"
            where = {"address": get_client_ip(request), "device": device_of(request)}
            record("account.login_failed", by=None, target=known, **where)
        return user

    def login(self, request, user):
        """Nobody gets here before their address is verified: what waited for that opens."""
        super().login(request, user)
        open_prepared_profiles(user)
        user.request_address = get_client_ip(request)
        record("account.logged_in", by=user, target=user.username, device=device_of(request))

    def is_login_by_code_required(self, login):
        """A code by e-mail stands for the second factor of those for whom it suffices."""
        return super().is_login_by_code_required(login) or (
            not self._has_just_given_a_code(login) and email_code_suffices(login.user)
        )

    def _has_just_given_a_code(self, login) -> bool:
        records = get_authentication_records(self.request, login.user)
        return bool(records) and records[-1]["method"] == "code"

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """A sensitive change is told by mail and written in the journal, in this one place.

        A new password or a change of the second factor ends the other sessions (ASVS 7.4.3).
        """
        verb = CHANGES[template_prefix]
        by = self.request.user if self.request.user.is_authenticated else user
        record(verb, by=by, target=user.username, device=device_of(self.request))
        if verb in NEW_PROOFS:
            self._end_others(user, by)
        super().send_notification_mail(template_prefix, user, context, email)

    def _end_others(self, user, by):
        """Told on the page to who keeps a session: after a reset, nobody is logged in."""
        ended = end_sessions(user, by=by, but=self.request.session.session_key)
        if ended and self.request.user.is_authenticated:
            messages.info(self.request, OTHERS_ENDED)

    def post_login(self, request, user, *, redirect_url, **kwargs):
        landing = landing_after_login(user, redirect_url)
        return super().post_login(request, user, redirect_url=landing, **kwargs)

    def confirm_email(self, request, email_address):
        """An address that another account holds, even unverified, cannot become one's own."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            messages.error(request, "Cette adresse est celle d’un autre compte : rien n’a changé.")
            return False

    def generate_unique_username(self, txts, regex=None):
        """« prenom.nom », with three digits when it is taken: nobody can tell who else exists."""
        stem = ".".join(slugify(text) for text in txts[:2] if text and slugify(text))[:140]
        proposal = stem = stem or "compte"
        while person_named(proposal):
            proposal = f"{stem}{secrets.randbelow(900) + 100}"
        return proposal

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        return [one | {"description": REAUTHENTICATION[one["id"]]} for one in methods]

    def send_mail(self, template_prefix, email, context):
        """Mails name the product, not the machine; the task worker sends them, nobody waits."""
        site = SimpleNamespace(name=settings.PRODUCT_NAME, domain=self.request.get_host())
        known = {"request": self.request, "email": email, "current_site": site} | context
        message = self.render_mail(template_prefix, email, known)
        queue_written(message.subject, message.body, email, lasts=lifetime(known))


class SecondFactorAdapter(DefaultMFAAdapter):
    """The sentences and the names of the second factor, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": (
            "Un compte protégé par un second facteur garde son adresse : désactivez-le d’abord."
        ),
        "cannot_delete_authenticator": (
            "Votre rôle demande un second facteur : ajoutez-en un autre avant de retirer celui-ci."
        ),
        "cannot_generate_recovery_codes": (
            "Les codes de secours demandent un second facteur : activez d’abord une application "
            "ou ajoutez une clé d’accès."
        ),
        "incorrect_code": "Ce code n’est pas le bon. Attendez le suivant, puis recopiez-le.",
        "unverified_email": (
            "Vérifiez d’abord votre adresse électronique : le second facteur vient ensuite."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text)

    def can_delete_authenticator(self, authenticator) -> bool:
        """The last one stays while the role of the person requires it: add another first."""
        others = authenticator.user.authenticator_set.exclude(pk=authenticator.pk)
        if others.filter(type__in=["totp", "webauthn"]).exists():
            return True
        return not second_factor_is_needed(authenticator.user)

    def generate_authenticator_name(self, user, kind):
        number = user.authenticator_set.filter(type=kind).count() + 1
        return "Ma clé d’accès" if number == 1 else f"Ma clé d’accès nº {number}"


def device_of(request) -> str:
    return describe_device(request.headers.get("User-Agent", ""))


def landing_after_login(user, redirect_url: str | None) -> str:
    """One profile: straight on. Several: choose first. No right at all: what is missing for that.

    A code or an invitation in hand opens a profile; one's own pages open without any. The
    application being entered and the service that knows where one works ask for one themselves.
    """
    own = ("legacy_claim", "invitation", "access", "profiles:list", "idp:oidc:authorization")
    own += ("way_in_link", "way_in_activities")
    if redirect_url and redirect_url.startswith(tuple(reverse(name) for name in own)):
        return redirect_url
    profiles = user.usable_profiles
    if not any(profile.rights for profile in profiles):
        return _with_query(reverse("access"), depuis=redirect_url)
    if len(profiles) == 1:
        return redirect_url or reverse("home")
    return _with_query(reverse("profiles:choose"), next=redirect_url)


def _with_query(address: str, **query: str | None) -> str:
    told = urlencode({name: value for name, value in query.items() if value})
    return f"{address}?{told}" if told else address
