"""Forms of one's own account and of the single-use codes."""

from allauth.account import forms as allauth_forms
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as key_forms
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import format_html

from accounts.backends import person_named
from accounts.services.errors import AccountError
from accounts.services.legacy import claim_legacy_code, find_legacy_code, finess_of
from common.identifiers import IdentifierError, normalize_finess


class PlainFieldsMixin:
    """No grey text inside the fields: the label says it, and stays while one types."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(PlainFieldsMixin, allauth_forms.LoginForm):
    """Log in by address or identifier; a former shared identifier is told where to go."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.label = "Adresse électronique ou identifiant"
        field.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}

    def clean(self):
        if finess_of(self.cleaned_data.get("login", "")):
            raise ValidationError(
                format_html(
                    "Les identifiants « ES- » partagés ne servent plus à se connecter. "
                    'Avec le code remis par votre ARS, <a href="{}">ouvrez votre compte '
                    "personnel</a>.",
                    reverse("legacy_claim"),
                )
            )
        return super().clean()


class SignupForm(PlainFieldsMixin, allauth_forms.SignupForm):
    """A new account. The identifier is proposed by us: asking for one would tell which exist."""

    field_order = ["first_name", "last_name", "email", "password1", "password2"]

    first_name = forms.CharField(
        label="Prénom", max_length=150, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Nom", max_length=150, widget=forms.TextInput({"autocomplete": "family-name"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Adresse électronique professionnelle"

    def try_save(self, request):
        """Posted twice at once, the second finds the account made: as if it had existed before."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if not person_named(self.cleaned_data["email"]):
                raise
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])


class LegacyCodeForm(forms.Form):
    """The former identifier of an establishment and the single-use code that goes with it."""

    identifier = forms.CharField(
        label="Identifiant de l’établissement",
        help_text="ES- suivi du numéro FINESS, par exemple ES-450990114",
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    code = forms.CharField(
        label="Code à usage unique",
        help_text="Douze lettres et chiffres, remis par votre ARS, valables 72 heures",
        max_length=30,
        widget=forms.TextInput({"autocomplete": "one-time-code"}),
    )
    legacy_code = None

    def clean_identifier(self):
        identifier = self.cleaned_data["identifier"]
        if not finess_of(identifier):
            raise ValidationError(
                "Écrivez ES- puis les neuf caractères du numéro FINESS, par exemple ES-450990114."
            )
        return identifier

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            try:
                self.legacy_code = find_legacy_code(cleaned["identifier"], cleaned["code"])
            except AccountError as refusal:
                raise ValidationError(str(refusal)) from refusal
        return cleaned


class LegacySignupForm(LegacyCodeForm, SignupForm):
    """A personal account, opened with a code: the profile waits for the address to be verified."""

    field_order = ["identifier", "code", *SignupForm.field_order]

    def save(self, request):
        user = super().save(request)
        claim_legacy_code(self.legacy_code, by=user, is_verified=False)
        return user


class PasswordAgainForm(PlainFieldsMixin, allauth_forms.ReauthenticateForm):
    """The password, asked again before the protection of an account changes."""


class ActivateTOTPForm(PlainFieldsMixin, totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app, which proves that it works."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_for_code(self.fields["code"], "Code affiché par l’application")


class AuthenticateForm(PlainFieldsMixin, factor_forms.AuthenticateForm):
    """The second factor at log in: a code of the app, or a recovery code (code de secours)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_for_code(self.fields["code"], "Code de l’application, ou code de secours")


class ReauthenticateForm(PlainFieldsMixin, factor_forms.ReauthenticateForm):
    """The second factor asked again before the protection of an account changes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_for_code(self.fields["code"], "Code de l’application, ou code de secours")


class AddWebAuthnForm(key_forms.AddWebAuthnForm):
    """A new key, which may also open the account without a password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["passwordless"]
        field.label = "Me connecter avec cette clé seule, sans mot de passe"
        field.help_text = (
            "Elle vous demandera alors une empreinte, un visage ou un code à chaque connexion."
        )


def ask_for_code(field: forms.CharField, label: str) -> None:
    """Name what is asked; a phone proposes by itself the code that it has just received."""
    field.label = label
    field.widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "none"}


class FinessForm(forms.Form):
    """One establishment, by its number."""

    finess = forms.CharField(
        label="Numéro FINESS de l’établissement",
        help_text="Neuf caractères, par exemple 45 099 011 4",
        max_length=20,
    )

    def clean_finess(self):
        try:
            return normalize_finess(self.cleaned_data["finess"])
        except IdentifierError as refusal:
            raise ValidationError(str(refusal)) from refusal
