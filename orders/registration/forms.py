"""The registration form of [003], prefilled from the account, the profile and the directory."""

from typing import Any

from django import forms

from accounts.forms.own import clean_phone
from accounts.models import Profile, User
from establishments.models import Establishment, LegalEntity
from establishments.rules import is_public
from orders.models import Registration
from orders.services.registrations import Told

Status = Registration.Status


class RegistrationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Registration
        fields = ["civility", "first_name", "last_name", "email", "phone", "status"]
        widgets = {
            "civility": forms.RadioSelect,
            "first_name": forms.TextInput({"autocomplete": "given-name"}),
            "last_name": forms.TextInput({"autocomplete": "family-name"}),
            "email": forms.EmailInput({"autocomplete": "email"}),
            "phone": forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
            "status": forms.RadioSelect,
        }
        help_texts = {
            "email": "Celui de votre travail\u00a0: le transporteur peut vous y écrire.",
            "phone": "Dix chiffres, ou + et l’indicatif du pays.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["civility"].choices = Registration.Civility.choices
        self.fields["status"].choices = Status.choices

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def typed(self) -> Told:
        return Told(**self.cleaned_data)


def known_of(user: User, profile: Profile) -> dict[str, str]:
    """What the account, the profile and the directory already tell."""
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": profile.mail_address,
        "phone": profile.phone or user.phone,
        "status": status_of(profile),
    }


def status_of(profile: Profile) -> str:
    """Public or private as FINESS says; blank where it does not tell. An ARS is public."""
    entity = profile.entity
    if isinstance(entity, Establishment):
        public = is_public(entity)
    elif isinstance(entity, LegalEntity):
        public = entity.legal_status.is_public if entity.legal_status else None
    else:
        public = True
    return {True: Status.PUBLIC, False: Status.PRIVATE}.get(public, "")
