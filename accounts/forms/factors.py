"""Forms of the second factor; wrong codes count."""

from typing import Any

from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as key_forms
from django.core.exceptions import ValidationError

from accounts.forms.shared import PlainFieldsMixin, ask_for_code
from accounts.limits import SECOND_FACTOR_FAILURES, TooManyFailuresError
from accounts.models import User
from journal.services import record


class ActivateTOTPForm(PlainFieldsMixin, totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app, which proves that it works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_code(self.fields["code"], "Code affiché par l’application")


class CountedCodeMixin:
    """Wrong codes count as wrong passwords do: five in five minutes, twenty-five a day."""

    user: User

    def clean_code(self) -> str:
        try:
            attempt = SECOND_FACTOR_FAILURES.begin(f"account {self.user.pk}")
        except TooManyFailuresError as locked:
            raise ValidationError(str(locked)) from locked
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            record("account.factor_failed", by=None, target=self.user.username)
            raise
        attempt.succeed()
        return code


class AuthenticateForm(CountedCodeMixin, PlainFieldsMixin, factor_forms.AuthenticateForm):
    """The second factor at log in: a code of the app, or a recovery code (code de secours)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_code(self.fields["code"], "Code de l’application, ou code de secours")


class ReauthenticateForm(CountedCodeMixin, PlainFieldsMixin, factor_forms.ReauthenticateForm):
    """The second factor asked again before the protection of an account changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_code(self.fields["code"], "Code de l’application, ou code de secours")


class AddWebAuthnForm(key_forms.AddWebAuthnForm):
    """A new key, which may also open the account without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["passwordless"]
        field.label = "Me connecter avec cette clé seule, sans mot de passe"
        field.help_text = (
            "Elle vous demandera alors une empreinte, un visage ou un code à chaque connexion."
        )
