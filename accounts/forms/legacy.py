"""Forms of the single-use codes of the former « ES- » identifiers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.forms.entrance import SignupForm
from accounts.forms.fields import FinessField
from accounts.models import LegacyCode, User
from accounts.services.errors import AccountError
from accounts.services.legacy import claim_legacy_code, find_legacy_code, finess_of


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
    legacy_code: LegacyCode | None = None  # the one that was found

    def clean_identifier(self) -> str:
        identifier: str = self.cleaned_data["identifier"]
        if not finess_of(identifier):
            raise ValidationError(
                "Écrivez ES- puis les neuf caractères du numéro FINESS, par exemple ES-450990114."
            )
        return identifier

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.legacy_code = find_legacy_code(cleaned["identifier"], cleaned["code"])
            except AccountError as refusal:
                raise ValidationError(str(refusal)) from refusal
        return cleaned


class LegacySignupForm(LegacyCodeForm, SignupForm):
    """A personal account, opened with a code: the profile waits for the address to be verified."""

    field_order = ["identifier", "code", *SignupForm.field_order]

    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        assert self.legacy_code is not None  # noqa: S101 - a valid form has found one
        claim_legacy_code(self.legacy_code, by=user, is_verified=False)
        return user


class FinessForm(forms.Form):
    """One establishment, by its number."""

    finess = FinessField(label="Numéro FINESS de l’établissement")
