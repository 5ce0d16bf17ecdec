"""Forms of one's own account: names, password, address, closing."""

import re
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.shared import NamesMixin, PlainFieldsMixin
from accounts.models import User


class ChangePasswordForm(PlainFieldsMixin, allauth_forms.ChangePasswordForm):
    """The present password is checked as at login: its failures count, and can lock."""

    def clean_oldpassword(self) -> str:
        typed: str = self.cleaned_data.get("oldpassword", "")
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed


class SetPasswordForm(PlainFieldsMixin, allauth_forms.SetPasswordForm):
    """The first password of an account that was opened without one."""


class AddEmailForm(PlainFieldsMixin, allauth_forms.AddEmailForm):
    """The new address; the present one stays until it is verified."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Nouvelle adresse électronique"


class PasswordAgainForm(PlainFieldsMixin, allauth_forms.ReauthenticateForm):
    """The password, asked again before the protection of an account changes."""


class IdentityForm(NamesMixin, forms.ModelForm):
    """One's own names and telephone."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone"]
        labels = {"first_name": "Prénom", "last_name": "Nom", "phone": "Téléphone"}
        help_texts = {"phone": "Dix chiffres, ou + et l’indicatif du pays."}
        widgets = {
            "first_name": forms.TextInput({"autocomplete": "given-name"}),
            "last_name": forms.TextInput({"autocomplete": "family-name"}),
            "phone": forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])


def clean_phone(typed: str) -> str:
    """« 02 38 00 00 00 » or « +262 262 00 00 00 »; spaces, dots and dashes are the person's."""
    digits = re.sub(r"[\s.\-()]", "", typed)
    if digits and not re.fullmatch(r"0[0-9]{9}|\+[0-9]{8,15}", digits, re.ASCII):
        raise ValidationError(
            "Ce numéro n’est pas complet : écrivez dix chiffres, ou + puis l’indicatif du pays."
        )
    return " ".join(typed.split())


class ClosingForm(forms.Form):
    """The password, and the word that one has understood."""

    understood = forms.BooleanField(
        label="Je ferme mon compte : mes profils s’arrêtent aujourd’hui"
    )
    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():  # the page itself was confirmed otherwise
            del self.fields["password"]

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise ValidationError("Ce mot de passe n’est pas le bon.")
        return typed
