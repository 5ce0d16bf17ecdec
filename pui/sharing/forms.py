"""What is typed of a share-out: its opening, why it is cancelled, what was received."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from common.numbers import MAXIMUM, NumberError, parse_integer
from pui.medicine import Medicine, find_medicine, names_offered, units_word
from pui.services.sharing import Opening

DAY = {"type": "date"}
USUAL_DELAY = timedelta(days=3)
COUNTED = "En ampoules, flacons ou comprimés, comme le stock déclaré\u00a0: jamais en boîtes."


class QuantityField(forms.CharField):
    """A whole number as people write it, « 1 200 »; ``least`` is the smallest accepted."""

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        self.least = least
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(max_length=14, widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            number = parse_integer(text, maximum=MAXIMUM)
        except NumberError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if number is not None and number < self.least:
            raise forms.ValidationError(f"Tapez {self.least} au moins.")
        return number


class MedicineField(forms.CharField):
    """A followed medicine by its name or its code; the names are offered while typing."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"autocomplete": "off", "list": "produits", "spellcheck": "false"})
        super().__init__(max_length=200, widget=widget, **kwargs)

    def clean(self, value: Any) -> Medicine:
        text = super().clean(value)
        found = find_medicine(text, timezone.localdate())
        if found is None:
            raise forms.ValidationError(
                "Aucun produit suivi ne porte ce nom, ou plusieurs commencent ainsi\u00a0: "
                "choisissez-en un dans la liste proposée."
            )
        return found

    @staticmethod
    def names() -> list[str]:
        return names_offered(timezone.localdate())


class OpeningForm(forms.Form):
    """The quantity that the country has, of which medicine, until when the agencies adjust."""

    produit = MedicineField(
        label="UCD de référence ou UCD",
        help_text="Les stocks comptés sont ceux de toutes les UCD de la même référence, qui se "
        "remplacent.",
    )
    quantite = QuantityField(label="Quantité à répartir", help_text=COUNTED, least=1)
    conditionnement = QuantityField(
        label="Nombre par conditionnement",
        help_text="La répartition ne coupe pas un conditionnement. 1 s’il peut être ouvert.",
        least=1,
        initial="1",
    )
    fin = forms.DateField(
        label="Ajustement des ARS jusqu’au",
        help_text="Jour compris.",
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    message = forms.CharField(
        label="Message aux ARS",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fin"].initial = timezone.localdate() + USUAL_DELAY

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        quantity, pack = cleaned.get("quantite"), cleaned.get("conditionnement")
        if quantity and pack and quantity < pack:
            self.add_error("quantite", "La quantité ne remplit pas un conditionnement.")
        day = cleaned.get("fin")
        if day and day < timezone.localdate():
            self.add_error("fin", "Ce jour est passé.")
        return cleaned

    def opening(self) -> Opening:
        typed = self.cleaned_data
        return Opening(
            typed["produit"],
            typed["quantite"],
            typed["conditionnement"],
            typed["fin"],
            typed["message"],
        )


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Motif de l’annulation",
        help_text="Lu par les ARS et par les PUI.",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


class ReceptionForm(forms.Form):
    """What was received; ``seen`` tells whether a colleague confirmed since."""

    quantite = QuantityField(label="Quantité reçue")
    jour = forms.DateField(label="Reçue le", widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    commentaire = forms.CharField(
        label="Commentaire",
        help_text="Obligatoire quand la quantité reçue diffère\u00a0: manque, casse, erreur de "
        "livraison.",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantite"].label = f"Quantité reçue, en {units_word(unit)}"
