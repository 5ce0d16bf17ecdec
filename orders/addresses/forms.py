"""What is typed of a delivery address: where, how one delivers, why, and the answer."""

from typing import Any

from django import forms

from orders.models import DeliveryAddress
from orders.services.addresses import POSTAL_CODE, ProposedAddress, Terms, terms_of

LENGTHS = {
    name: DeliveryAddress._meta.get_field(name).max_length
    for name in ("label", "lines", "town", "terms", "contact_name", "contact_phone", "reason")
}


class TermsForm(forms.Form):
    """When one delivers, and whom to call; ``seen`` is what was on screen."""

    consignes = forms.CharField(
        label="Horaires et accès",
        help_text="Par exemple\u00a0: quai 2, du lundi au vendredi de 8 h à 12 h, hayon "
        "nécessaire.",
        required=False,
        max_length=LENGTHS["terms"],
    )
    contact = forms.CharField(
        label="Personne à joindre", required=False, max_length=LENGTHS["contact_name"]
    )
    telephone = forms.CharField(
        label="Téléphone",
        required=False,
        max_length=LENGTHS["contact_phone"],
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )

    def terms(self) -> Terms:
        typed = self.cleaned_data
        return Terms(typed["consignes"], typed["contact"], typed["telephone"])


class SeenTermsForm(TermsForm):
    """Those of an address that is there: what was on screen comes back with it."""

    vues = forms.CharField(required=False, widget=forms.HiddenInput)

    def seen(self) -> str:
        found: str = self.cleaned_data["vues"]
        return found


def initial_terms(row: DeliveryAddress) -> dict[str, Any]:
    kept = terms_of(row)
    return {
        "consignes": kept.terms,
        "contact": kept.contact_name,
        "telephone": kept.contact_phone,
        "vues": kept.version,
    }


class AddressForm(TermsForm):
    """A free address, told whole: it never changes, another replaces it."""

    lieu = forms.CharField(
        label="Nom du lieu",
        help_text="Par exemple\u00a0: plateforme logistique du groupement.",
        max_length=LENGTHS["label"],
    )
    rue = forms.CharField(
        label="Rue, bâtiment",
        max_length=LENGTHS["lines"],
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    code_postal = forms.CharField(
        label="Code postal",
        max_length=10,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    commune = forms.CharField(
        label="Commune",
        max_length=LENGTHS["town"],
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    motif = forms.CharField(
        label="Pourquoi livrer là",
        help_text="Lu par la personne qui valide.",
        min_length=5,
        max_length=LENGTHS["reason"],
        widget=forms.Textarea({"rows": 2}),
    )

    field_order = (
        "lieu", "rue", "code_postal", "commune", "motif", "consignes", "contact", "telephone",
    )  # fmt: skip

    def clean_code_postal(self) -> str:
        code = "".join(self.cleaned_data["code_postal"].split())
        if not POSTAL_CODE.fullmatch(code):
            raise forms.ValidationError(
                "Un code postal s’écrit avec 5 chiffres, par exemple 45000."
            )
        return code

    def wanted(self) -> ProposedAddress:
        typed = self.cleaned_data
        return ProposedAddress(
            label=typed["lieu"],
            lines=typed["rue"],
            postal_code=typed["code_postal"],
            town=typed["commune"],
            reason=typed["motif"],
            terms=self.terms(),
        )


class RefusalForm(forms.Form):
    reponse = forms.CharField(
        label="Pourquoi vous refusez",
        help_text="Envoyé par courriel à la personne qui propose.",
        required=False,
        max_length=LENGTHS["reason"],
        widget=forms.Textarea({"rows": 2}),
    )
