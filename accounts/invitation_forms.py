"""The forms of invitations: the account of somebody new, and what one prepares for somebody."""

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Invitation, User


class NewAccountForm(forms.Form):
    """Names and password of an account whose address the link has proved."""

    first_name = forms.CharField(
        label="Prénom", max_length=150, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Nom", max_length=150, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    password1 = forms.CharField(
        label="Mot de passe",
        help_text="Douze caractères au moins. Une phrase que vous seul connaissez convient bien.",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Mot de passe, une seconde fois",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, invitation: Invitation, **kwargs):
        names = {"first_name": invitation.first_name, "last_name": invitation.last_name}
        super().__init__(*args, initial=names, **kwargs)
        self.email = invitation.email

    def clean(self):
        cleaned = super().clean()
        password = cleaned.get("password1")
        if password and cleaned.get("password2") and password != cleaned["password2"]:
            self.add_error("password2", "Les deux mots de passe ne sont pas les mêmes.")
        if password:
            self._check(password, cleaned)
        return cleaned

    def _check(self, password, cleaned):
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
