"""What a pharmacy types of a line: its need, what came, the people vaccinated."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from common.dates import DayError, parse_day
from pui.sharing.forms import DAY, QuantityField
from vaccines.models import SupplyLine
from vaccines.recalls import Need
from vaccines.services.needs import TypedNeed, need_of, version_of
from vaccines.services.receptions import Arrival, Vaccinated, shown

LONGEST = 2000
Data = Mapping[str, Any] | None


class ExpiryField(forms.CharField):
    """As boxes print it: « 31/03/2027 », or « 03/2027 » for the end of the month."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput({"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> date | None:
        try:
            return parse_day(super().clean(value), earliest=date(2020, 1, 1))
        except DayError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class NeedForm(forms.Form):
    """Blank is not 0; the recalls are never proposed, and a first delivery has none."""

    first = QuantityField(label="1res injections (nouvelles personnes)", required=False)
    second = QuantityField(label="2es injections (rappels)", required=False)
    comment = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Data, *, line: SupplyLine, recalled: SupplyLine | None) -> None:
        need = need_of(line)
        initial = {"first": need.first, "second": need.second, "comment": need.comment}
        initial["seen"] = version_of(need)
        super().__init__(data, prefix=f"besoin-{line.pk}", initial=initial)
        if recalled is None:
            del self.fields["second"]
        else:
            self.fields["second"].widget.attrs["aria-describedby"] = f"rappel-{line.pk}"

    def typed(self) -> TypedNeed:
        typed = self.cleaned_data
        need = Need(typed["first"], typed.get("second"), typed["comment"])
        return TypedNeed(need, typed["seen"])


class ReceptionForm(forms.Form):
    """One lot of a delivery; typed, or read from the code of its box."""

    scan = forms.CharField(
        label="Code de la boîte",
        help_text="Cliquez, puis lisez le carré (DataMatrix) à la douchette. Sinon, tapez le lot.",
        required=False,
        strip=False,
        max_length=400,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    received_on = forms.DateField(
        label="Reçues le", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    doses = QuantityField(label="Doses reçues", required=False)
    lot = forms.CharField(
        label="Lot",
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    expires_on = ExpiryField(label="Péremption", required=False)
    reason = forms.CharField(label="Motif de l’écart", required=False, max_length=250)
    is_last = forms.BooleanField(
        label="La réception est terminée\u00a0: rien d’autre n’est attendu", required=False
    )
    gtin = forms.CharField(required=False, max_length=14, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Data, *, line: SupplyLine, today: date, seen: str) -> None:
        day = min(line.shipped_on or line.expected_on or today, today)
        initial = {"received_on": day, "reason": line.gap_reason, "seen": seen}
        super().__init__(data, prefix=f"reception-{line.pk}", initial=initial)

    def is_typed(self) -> bool:
        """The day alone is what the page proposes."""
        names = ("scan", "doses", "lot", "expires_on", "is_last")
        return (
            any(self[name].data for name in names)
            or (self["reason"].data or "") != self.initial["reason"]
        )

    def typed(self) -> Arrival:
        typed = self.cleaned_data
        return Arrival(
            received_on=typed["received_on"],
            doses=typed["doses"],
            lot=typed["lot"],
            expires_on=typed["expires_on"],
            gtin=typed["gtin"],
            is_last=typed["is_last"],
            reason=typed["reason"],
            seen=typed["seen"],
        )


class VaccinatedForm(forms.Form):
    """It may be more than the doses received: 72 people with 66 doses [000]."""

    people = QuantityField(label="Personnes vaccinées (1re injection)", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Data, *, line: SupplyLine) -> None:
        initial = {"people": line.vaccinated, "seen": shown(line.vaccinated)}
        super().__init__(data, prefix=f"vaccines-{line.pk}", initial=initial)

    def typed(self) -> Vaccinated:
        return Vaccinated(self.cleaned_data["people"], self.cleaned_data["seen"])
