"""What the national cell types of a tension, and what anybody reports of a difficulty."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.forms import day_field
from epi_stocks.models import EpiItem
from establishments.models import Region
from orders.rules import served_regions
from orders.services.difficulties import FUTURE, Reported
from orders.services.tensions import COUNTRY, LONGEST_MESSAGE, Declared

LONGEST_DESCRIPTION = 1000


def items_in_tension() -> Any:
    """The items without the sizes of gloves: a tension is on all sizes together."""
    return EpiItem.objects.top()


class DeclareForm(forms.Form):
    equipement = forms.ModelChoiceField(
        EpiItem.objects.none(), label="Équipement", empty_label="Choisissez un équipement"
    )
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label="Où",
        required=False,
        empty_label=COUNTRY,
        help_text="Les régions servies par le stock de l’État.",
    )
    starts_on = day_field("À partir du", "Aujourd’hui, ou un jour à venir.")
    ends_on = day_field(
        "Jusqu’au", "Jour compris. Laissez vide tant que la fin n’est pas connue.", required=False
    )
    message = forms.CharField(
        label="Message aux établissements",
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea({"rows": 3}),
        help_text="Une ou deux phrases, montrées avec la tension.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["equipement"].queryset = items_in_tension()
        regions = Region.objects.filter(pk__in=served_regions(timezone.localdate()))
        self.fields["region"].queryset = regions

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and first < timezone.localdate():
            self.add_error("starts_on", "Aujourd’hui, ou un jour à venir.")
        if first and last and last < first:
            self.add_error("ends_on", "C’est avant le premier jour.")
        return cleaned

    def typed(self) -> Declared:
        told = self.cleaned_data
        return Declared(
            told["equipement"],
            told["region"],
            told["starts_on"],
            told["ends_on"],
            told["message"],
        )


class EndForm(forms.Form):
    ends_on = day_field(
        "Dernier jour de la tension", "Jour compris\u00a0: elle cesse à minuit, le soir de ce jour."
    )

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day < timezone.localdate():
            raise ValidationError("Aujourd’hui au plus tôt.")
        return day


class NothingForm(forms.Form):
    """A decision with nothing to type."""


class DifficultyForm(forms.Form):
    """The national cell says who reports and where; others report for themselves."""

    equipement = forms.ModelChoiceField(
        EpiItem.objects.none(), label="Équipement", empty_label="Choisissez un équipement"
    )
    source = forms.CharField(
        label="Qui la signale",
        max_length=150,
        help_text="Par exemple un fournisseur, une centrale d’achat, une fédération.",
    )
    region = forms.ModelChoiceField(
        Region.objects.all(), label="Région", required=False, empty_label=COUNTRY
    )
    description = forms.CharField(
        label="Difficulté",
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea({"rows": 4}),
        help_text="Ce qui manque, chez quel fournisseur, depuis quand, pour combien de temps.",
    )
    reported_on = day_field("Constatée le")

    def __init__(self, *args: Any, is_national: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["equipement"].queryset = items_in_tension()
        self.fields["reported_on"].initial = timezone.localdate()
        for name in () if is_national else ("source", "region"):
            del self.fields[name]

    def clean_reported_on(self) -> date:
        day: date = self.cleaned_data["reported_on"]
        if day > timezone.localdate():
            raise ValidationError(FUTURE)
        return day

    def typed(self) -> Reported:
        told = self.cleaned_data
        return Reported(
            told["equipement"],
            told["description"],
            told["reported_on"],
            told.get("source", ""),
            told.get("region"),
        )


class CloseForm(forms.Form):
    closed_on = day_field("Close le")
    outcome = forms.CharField(
        label="Suite donnée", max_length=500, widget=forms.Textarea({"rows": 3})
    )
