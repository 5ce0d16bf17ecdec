"""The habilitations of an entity, ticked among those that are offered there."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.offers import Offer


class RightsField(forms.MultipleChoiceField):
    """Each habilitation with what it allows; the form that has the field says which."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": "Choisissez au moins une habilitation : sans elle, rien ne s’ouvre.",
        "invalid_choice": "Cette habilitation ne peut pas être donnée ici.",
    }


class OffersForm(forms.Form):
    """What is ticked is one of the offers: nothing else can be sent."""

    rights = RightsField(label="Habilitations")

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {offer.value: offer for offer in offers}
        choices = [(offer.value, self.label_of(offer)) for offer in offers]
        cast(RightsField, self.fields["rights"]).choices = choices

    def label_of(self, offer: Offer) -> SafeString:
        hint = '{}<span class="fr-hint-text">{}</span>'
        return format_html(hint, offer.title, offer.allows)

    @property
    def chosen(self) -> list[Offer]:
        """The habilitations ticked, in the order of the list."""
        ticked = self.cleaned_data["rights"]
        return [offer for value, offer in self.offers.items() if value in ticked]
