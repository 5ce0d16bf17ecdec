"""The forms of invitations: the account of somebody new, and what one prepares for somebody."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import DayField
from accounts.forms.offers import OffersForm, RightsField
from accounts.forms.shared import HOW_TO_CHOOSE, NamesMixin, OwnNamesForm
from accounts.models import Invitation, User
from accounts.services.invitations import Right
from common.forms import search_field


class NewAccountForm(OwnNamesForm):
    """Names and password of an account whose address the link has proved."""

    password1 = forms.CharField(
        label="Mot de passe",
        help_text=HOW_TO_CHOOSE,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Mot de passe, une seconde fois",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "first_name": invitation.first_name,
            "last_name": invitation.last_name,
        }
        super().__init__(*args, **kwargs)
        self.email = invitation.email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password = cleaned.get("password1")
        if password and cleaned.get("password2") and password != cleaned["password2"]:
            self.add_error("password2", "Les deux mots de passe ne sont pas les mêmes.")
        if password:
            self._check(password, cleaned)
        return cleaned

    def _check(self, password: str, cleaned: dict[str, Any]) -> None:
        """Refused when it looks like the person's own names or address."""
        person = User(
            email=self.email,
            first_name=cleaned.get("first_name", ""),
            last_name=cleaned.get("last_name", ""),
        )
        try:
            get_adapter().clean_password(password, user=person)
        except ValidationError as refusal:
            self.add_error("password1", refusal)


class PlaceSearchForm(forms.Form):
    """Where one invites: an establishment, an entity or an administration, by number or words."""

    recherche = search_field("Numéro FINESS, nom ou commune", autocomplete="off")


class InvitationForm(NamesMixin, OffersForm):
    """Who is invited, with which of the habilitations that one may give there."""

    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        help_text="Le lien part à cette adresse et prouve qu’elle est la sienne.",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    first_name = forms.CharField(label="Prénom", max_length=150, required=False)
    last_name = forms.CharField(label="Nom", max_length=150, required=False)
    rights = RightsField(label="Habilitations préparées")
    starts_on = DayField(label="Premier jour", help_text="Vide : dès l’acceptation.")
    ends_on = DayField(
        label="Dernier jour",
        help_text="Pour un remplacement ; obligatoire pour un administrateur délégué.",
    )
    note = forms.CharField(
        label="Message",
        help_text="Il figure dans le courriel.",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    field_order = ["email", "first_name", "last_name"]

    @property
    def prepared(self) -> list[Right]:
        """The habilitations ticked, with the days typed."""
        days = self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]
        return [Right(offer.domain, offer.role, *days) for offer in self.chosen]


class InvitationFileForm(forms.Form):
    """Many invitations at once."""

    file = forms.FileField(
        label="Fichier",
        help_text="XLSX ou CSV, 10 Mo au plus. Une ligne par personne et par établissement.",
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
