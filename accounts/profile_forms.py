"""Forms of what one asks for on one's own profiles."""

from collections.abc import Sequence

from django import forms
from django.utils.html import format_html

from accounts.models import Domain, Profile, Role
from accounts.offers import Offer

BY_THE_ARS = " Décidé par l’ARS."


class RightsField(forms.MultipleChoiceField):
    """The habilitations that exist on an entity, each with what it allows."""

    def __init__(self, offers: Sequence[Offer], **kwargs):
        super().__init__(
            choices=[(offer.value, label_of(offer)) for offer in offers],
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Choisissez au moins une habilitation : sans elle, rien ne s’ouvre.",
                "invalid_choice": "Cette habilitation n’existe pas ici : choisissez dans la liste.",
            },
            **kwargs,
        )


def label_of(offer: Offer):
    decided = BY_THE_ARS if offer.level == "ars" else ""
    return format_html(
        '{}<span class="fr-hint-text">{}{}</span>', offer.title, offer.allows, decided
    )


class RightsForm(forms.Form):
    """More habilitations on a profile, and a word for who decides."""

    rights = forms.Field()  # replaced by what exists on the entity
    note = forms.CharField(
        label="Message à la personne qui décide",
        help_text="Par exemple votre fonction, depuis quand, qui vous remplacez.",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, offers: Sequence[Offer], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rights"] = RightsField(offers, label="Ce que vous voulez faire")
        self.offers = {offer.value: offer for offer in offers}

    @property
    def chosen(self) -> list[Offer]:
        """The habilitations ticked, in the order of the list."""
        return [self.offers[value] for value in self.offers if value in self.cleaned_data["rights"]]

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
    def contact_fields(self):
        return [self[name] for name in ContactForm.base_fields]
