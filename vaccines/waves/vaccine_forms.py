"""What the national cell types of a vaccine: its codes, the doses of its vials."""

from typing import Any

from django import forms
from stdnum import ean
from stdnum.exceptions import ValidationError

from common.identifiers import IdentifierError, normalize_ucd
from medications.models import Product
from vaccines.models import Vaccine
from vaccines.services.vaccines import Described, VialRule
from vaccines.waves.forms import DAY


class VialForm(forms.Form):
    """How many doses a vial gives, from a day on."""

    doses = forms.IntegerField(label="Doses par flacon", min_value=1, max_value=100)
    starts_on = forms.DateField(label="À partir du", widget=forms.DateInput(DAY, format="%Y-%m-%d"))

    def rule(self) -> VialRule:
        return VialRule(self.cleaned_data["doses"], self.cleaned_data["starts_on"])


class VaccineForm(forms.Form):
    """A vaccine; ``seen`` is its mark when the form was shown."""

    label = forms.CharField(label="Vaccin", max_length=120)
    product = forms.CharField(
        label="Code UCD", max_length=20, help_text="7 ou 13 chiffres, de la nomenclature."
    )
    gtin = forms.CharField(
        label="Code GTIN de la boîte",
        required=False,
        max_length=20,
        help_text="14 chiffres (ou 13), celui que lit la douchette à la réception.",
    )
    interval_days = forms.IntegerField(
        label="Intervalle entre deux injections (jours)",
        required=False,
        min_value=1,
        max_value=365,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, vaccine: Vaccine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if vaccine:
            now = Described.of(vaccine)
            self.initial = {**now.told(), "seen": now.mark}

    def clean_product(self) -> Product:
        try:
            code = normalize_ucd(self.cleaned_data["product"])
        except IdentifierError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        found = Product.objects.filter(code=code, kind=Product.Kind.VACCINE).first()
        if found is None:
            raise forms.ValidationError(
                "Aucun vaccin de la nomenclature ne porte ce code UCD\u00a0: faites-le suivre "
                "d’abord dans «\u00a0Réglage des listes\u00a0»."
            )
        return found

    def clean_gtin(self) -> str:
        return read_gtin(self.cleaned_data["gtin"])

    def described(self) -> Described:
        typed = self.cleaned_data
        label = " ".join(typed["label"].split())
        return Described(label, typed["product"], typed["gtin"], typed["interval_days"])


class NewVaccineForm(VaccineForm, VialForm):
    """A vaccine and its first doses per vial, from a day past or not."""

    field_order = ("label", "product", "gtin", "interval_days", "doses", "starts_on")


def read_gtin(text: str) -> str:
    """Fourteen digits whose last is the key of the others; thirteen are those of an EAN."""
    digits = "".join(text.split())
    if not digits:
        return ""
    try:
        number = ean.validate(digits)
    except ValidationError:
        number = ""
    if len(number) not in (13, 14):
        raise forms.ValidationError(
            f"«\u00a0{text}\u00a0» n’est pas un code GTIN\u00a0: 13 ou 14 chiffres, dont le "
            "dernier est la clé. Recopiez celui de la boîte."
        )
    return number.zfill(14)
