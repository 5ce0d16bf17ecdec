"""Forms of what one asks for on one's own profiles."""

from dataclasses import replace

from django import forms
from django.utils.safestring import SafeString

from accounts.forms.offers import OffersForm, RightsField
from accounts.models import Domain, Level, Profile, Role
from accounts.offers import Offer


class RightsForm(OffersForm):
    """More habilitations on a profile, and a word for who decides."""

    rights = RightsField(
        label="Ce que vous voulez faire",
        error_messages={
            "invalid_choice": "Cette habilitation n’existe pas ici : choisissez dans la liste."
        },
    )
    note = forms.CharField(
        label="Message à la personne qui décide",
        help_text="Par exemple votre fonction, depuis quand, qui vous remplacez.",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def label_of(self, offer: Offer) -> SafeString:
        if offer.level != Level.ARS:
            return super().label_of(offer)
        return super().label_of(replace(offer, allows=f"{offer.allows} Décidé par l’ARS."))

    @property
    def chosen_rights(self) -> list[tuple[Domain, Role]]:
        return [(offer.domain, offer.role) for offer in self.chosen]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was typed, to be sent again from the page where it is read once more."""
        others = {name: text for name, text in self.cleaned_data.items() if name != "rights"}
        return [("rights", offer.value) for offer in self.chosen] + list(others.items())


class ContactForm(forms.ModelForm):
    """What a profile has of its own; left empty, that of the account serves."""

    class Meta:
        model = Profile
        fields = ["email", "phone", "address"]
        widgets = {
            "email": forms.EmailInput({"autocomplete": "email"}),
            "phone": forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
            "address": forms.TextInput({"autocomplete": "street-address"}),
        }
        help_texts = {
            "email": "Si elle diffère de celle du compte, par exemple une adresse de service.",
        }


class AskForm(RightsForm):
    """A profile on an entity: its habilitations, and what it has of its own."""

    email = ContactForm.base_fields["email"]
    phone = ContactForm.base_fields["phone"]
    address = ContactForm.base_fields["address"]

    @property
    def contact(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ContactForm.base_fields}

    @property
    def contact_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ContactForm.base_fields]
