"""What is typed to put a reception right: each of its parts, whether it is whole, why."""

from typing import Any

from django import forms

from pui.sharing.forms import DAY, QuantityField
from vaccines.models import Reception, SupplyLine
from vaccines.needs.forms import ExpiryField
from vaccines.services.reception_corrections import (
    Corrected,
    Correction,
    state_of_receptions,
)


class PartForm(forms.Form):
    """One reception; 0 dose takes it away."""

    received_on = forms.DateField(label="Reçues le", widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    doses = QuantityField(label="Doses reçues")
    lot = forms.CharField(label="Lot", required=False, max_length=20)
    expires_on = ExpiryField(label="Péremption", required=False)

    def __init__(self, data: Any, *, reception: Reception) -> None:
        self.reception = reception
        day = reception.expires_on
        initial = {
            "received_on": reception.received_on,
            "doses": reception.doses,
            "lot": reception.lot,
            "expires_on": f"{day:%d/%m/%Y}" if day else "",
        }
        super().__init__(data, prefix=f"partie-{reception.pk}", initial=initial)

    def corrected(self) -> Corrected:
        typed = self.cleaned_data
        return Corrected(
            self.reception.pk,
            typed["received_on"],
            typed["doses"],
            typed["lot"],
            typed["expires_on"],
        )


class CorrectionForm(forms.Form):
    """The whole of a delivery; the parts are forms of their own."""

    is_whole = forms.BooleanField(
        label="La réception est terminée\u00a0: rien d’autre n’est attendu", required=False
    )
    gap = forms.CharField(
        label="Motif de l’écart avec les doses prévues", required=False, max_length=250
    )
    people = QuantityField(label="Personnes vaccinées (1re injection)", required=False)
    why = forms.CharField(label="Pourquoi corrigez-vous\u00a0?", max_length=250)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, line: SupplyLine) -> None:
        initial = {
            "is_whole": line.received_whole_at is not None,
            "gap": line.gap_reason,
            "people": line.vaccinated,
            "seen": state_of_receptions(line),
        }
        super().__init__(data, initial=initial)
        self.parts = [PartForm(data, reception=one) for one in line.receptions.all()]

    def are_valid(self) -> bool:
        return all([self.is_valid(), *[one.is_valid() for one in self.parts]])

    def correction(self) -> Correction:
        typed = self.cleaned_data
        return Correction(
            [one.corrected() for one in self.parts],
            typed["is_whole"],
            typed["why"],
            typed["gap"],
            typed["seen"],
            typed["people"],
        )
