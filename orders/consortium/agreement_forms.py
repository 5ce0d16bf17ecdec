"""What is typed of the agreement with the consortium, and of who issues its invoices."""

from typing import Any

from django import forms
from stdnum import iban as iban_number
from stdnum.fr import siret as siret_number
from stdnum.fr import tva as vat_number

from orders.consortium.product_forms import DAY, AmountField
from orders.models import Seller, SupplyAgreement
from orders.services.agreements import Identity, mark_of


class AgreementForm(forms.Form):
    """Its dates, both included; ``seen``: those that were shown."""

    starts_on = forms.DateField(label="À partir du", widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label="Jusqu’au",
        required=False,
        help_text="Ce jour compris\u00a0; vide\u00a0: sans fin.",
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agreement: SupplyAgreement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agreement is not None:
            self.initial = {
                "starts_on": agreement.starts_on,
                "ends_on": agreement.ends_on,
                "seen": mark_of(agreement),
            }


class SellerForm(forms.Form):
    """What the law wants on invoices; ``seen``: its mark when it was shown."""

    name = forms.CharField(label="Raison sociale", max_length=120)
    legal_form = forms.CharField(label="Forme juridique et capital", max_length=120)
    siret = forms.CharField(label="SIRET", max_length=20)
    vat_number = forms.CharField(label="Numéro de TVA intracommunautaire", max_length=20)
    register = forms.CharField(
        label="Immatriculation",
        max_length=120,
        required=False,
        help_text="RCS et ville, au besoin.",
    )
    lines = forms.CharField(label="Rue, bâtiment", max_length=250)
    postal_code = forms.RegexField(r"^[0-9]{5}$", label="Code postal", max_length=5)
    town = forms.CharField(label="Commune", max_length=100)
    iban = forms.CharField(label="IBAN", max_length=45)
    bic = forms.CharField(label="BIC", max_length=11, required=False)
    email = forms.EmailField(label="Courriel du service de facturation")
    payment_days = forms.IntegerField(label="Délai de paiement (jours)", min_value=1, max_value=60)
    penalty_rate = AmountField(label="Pénalités de retard (% par an)")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seller: Seller | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"payment_days": 30, "penalty_rate": "12"}
        if seller is not None:
            now = Identity.of(seller)
            self.initial = now.told() | {"seen": now.mark}

    def clean_siret(self) -> str:
        return _valid(siret_number, self.cleaned_data["siret"], "un SIRET\u00a0: 14 chiffres")

    def clean_vat_number(self) -> str:
        what = "un numéro de TVA français\u00a0: FR, deux caractères, le SIREN"
        number = self.cleaned_data["vat_number"]
        return f"FR{_valid(vat_number, number, what)}"

    def clean_iban(self) -> str:
        return _valid(iban_number, self.cleaned_data["iban"], "un IBAN")

    def clean(self) -> dict[str, Any]:
        """A French VAT number ends with the SIREN, as a SIRET begins."""
        typed = super().clean() or self.cleaned_data
        number, siret = typed.get("vat_number", ""), typed.get("siret", "")
        if number and siret and number[4:] != siret[:9]:
            self.add_error("vat_number", "Ce numéro de TVA n’est pas celui de ce SIRET.")
        return typed

    def identity(self) -> Identity:
        return Identity(**{name: self.cleaned_data[name] for name in Identity.__slots__})


def _valid(kind: Any, text: str, what: str) -> str:
    number: str = kind.compact(text)
    if not kind.is_valid(number):
        raise forms.ValidationError(f"Ce n’est pas {what}. Vérifiez chaque caractère.")
    return number
