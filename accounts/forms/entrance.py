"""Forms of those who are not logged in yet: log in, sign up, find one's account again."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.internal.flows.signup import prevent_enumeration
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.backends import person_named
from accounts.forms.shared import OwnNamesForm, PlainFieldsMixin, ask_for_code
from accounts.services.legacy import finess_of


class LoginForm(PlainFieldsMixin, allauth_forms.LoginForm):
    """Log in by address or identifier; a former shared identifier is told where to go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.label = "Adresse électronique ou identifiant"
        field.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}

    def clean(self) -> Any:
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


class SignupForm(OwnNamesForm, PlainFieldsMixin, allauth_forms.SignupForm):
    """A new account. The identifier is proposed by us: asking for one would tell which exist."""

    field_order = ["first_name", "last_name", "email", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Adresse électronique professionnelle"

    def try_save(self, request: HttpRequest) -> Any:
        """Posted twice at once, the second finds the account made: as if it had existed before."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if not person_named(self.cleaned_data["email"]):
                raise
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])


class ResetPasswordForm(PlainFieldsMixin, allauth_forms.ResetPasswordForm):
    """The address to which the link leaves."""


class ResetPasswordKeyForm(PlainFieldsMixin, allauth_forms.ResetPasswordKeyForm):
    """A new password, chosen from the link."""


class VerifyEmailForm(PlainFieldsMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_code(self.fields["code"], "Code reçu par courriel")


class LoginCodeForm(PlainFieldsMixin, allauth_forms.ConfirmLoginCodeForm):
    """The code received by e-mail, as a second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_for_code(self.fields["code"], "Code reçu par courriel")


class ForgottenIdentifierForm(forms.Form):
    """The address to which one's identifier is sent."""

    email = forms.EmailField(
        label="Adresse électronique", widget=forms.EmailInput({"autocomplete": "email"})
    )
