"""What is typed of a request for help, and of its answer."""

from collections.abc import Sequence
from typing import Any

from django import forms

from pui.models import HelpRequest, Pui
from pui.services.helping import Asked, Outcome
from pui.sharing.forms import COUNTED, MedicineField, QuantityField


class HelpForm(forms.Form):
    """The stock and the days of cover are added by themselves, from the last declaration."""

    pui = forms.ChoiceField(label="Pour la PUI")
    produit = MedicineField(
        label="UCD de référence ou UCD",
        help_text="Une UCD de référence accepte toutes les UCD de même molécule et de même dosage.",
    )
    quantite = QuantityField(label="Quantité demandée", help_text=COUNTED, least=1)
    urgence = forms.ChoiceField(
        label="Pour quand", choices=HelpRequest.Urgency.choices, widget=forms.RadioSelect
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Pourquoi le stock manque, ce qui est déjà commandé, ce qui est en jeu.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, puis: Sequence[Pui], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.puis = {str(one.pk): one for one in puis}
        named = [(pk, f"{one.label}, {one.establishment.name}") for pk, one in self.puis.items()]
        self.fields["pui"].choices = named if len(named) == 1 else [("", "À choisir"), *named]

    def clean_pui(self) -> Pui:
        return self.puis[self.cleaned_data["pui"]]

    def asked(self) -> Asked:
        typed = self.cleaned_data
        return Asked(typed["produit"], typed["quantite"], typed["urgence"], typed["motif"])


class AnswerForm(forms.Form):
    """One answer, always with its words; ``seen`` is the state that was on screen."""

    reponse = forms.ChoiceField(
        label="Votre réponse", choices=Outcome.choices, widget=forms.RadioSelect
    )
    texte = forms.CharField(
        label="Ce que vous dites à la PUI",
        help_text="Envoyé par courriel à la personne qui demande. Un refus dit pourquoi.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
