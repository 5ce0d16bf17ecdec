"""Where allauth asks us how we do things."""

import secrets
from types import SimpleNamespace

from allauth.account.adapter import DefaultAccountAdapter
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
from accounts.limits import LOGIN_FAILURES, TooManyFailuresError
from accounts.services.legacy import open_prepared_profiles
from journal.services import record

NOT_RECOGNISED = (
    "L’identifiant ou le mot de passe n’est pas reconnu. Vérifiez-les, ou choisissez un nouveau "
    "mot de passe par « Mot de passe oublié »."
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
            record("account.login_failed", by=None, target=known, address=get_client_ip(request))
        return user

    def login(self, request, user):
        """Nobody gets here before their address is verified: what waited for that opens."""
        super().login(request, user)
        open_prepared_profiles(user)
        user.request_address = get_client_ip(request)
        record("account.logged_in", by=user, target=user.username)

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
        """Mails name the product, not the machine that sent them."""
        site = SimpleNamespace(name=settings.PRODUCT_NAME, domain=self.request.get_host())
        super().send_mail(template_prefix, email, context | {"current_site": site})


class SecondFactorAdapter(DefaultMFAAdapter):
    """The sentences and the names of the second factor, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": (
            "Un compte protégé par un second facteur garde son adresse : désactivez-le d’abord."
        ),
        "cannot_delete_authenticator": "Ce second facteur ne peut pas être désactivé.",
        "cannot_generate_recovery_codes": (
            "Les codes de secours demandent un second facteur : activez d’abord une application "
            "ou ajoutez une clé d’accès."
        ),
        "incorrect_code": "Ce code n’est pas le bon. Attendez le suivant, puis recopiez-le.",
        "unverified_email": (
            "Vérifiez d’abord votre adresse électronique : le second facteur vient ensuite."
        ),
    }

    def generate_authenticator_name(self, user, kind):
        number = user.authenticator_set.filter(type=kind).count() + 1
        return "Ma clé d’accès" if number == 1 else f"Ma clé d’accès nº {number}"


def landing_after_login(user, redirect_url: str | None) -> str:
    """One profile: straight on. Several: choose first. None: the page that says what is missing."""
    profiles = user.usable_profiles
    # a code or an invitation in hand is what opens a profile
    if redirect_url in (reverse("legacy_claim"), reverse("invitation")):
        return redirect_url
    if not profiles:
        return reverse("profiles:list")
    if len(profiles) == 1:
        return redirect_url or reverse("home")
    query = urlencode({"next": redirect_url}) if redirect_url else ""
    return f"{reverse('profiles:choose')}{'?' if query else ''}{query}"
