"""What is typed in mutual aid: a need, a donor, a quantity, a shipping, a reception, a reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from common.identifiers import IdentifierError, normalize_finess
from common.numbers import NumberError, parse_integer
from establishments.perimeter import Action, PerimeterQuerySet
from establishments.redistribution.held import Candidate, expiry_text, units_text
from establishments.redistribution.rights import places_to
from establishments.redistribution.states import Urgency
from establishments.redistribution.trade import Person, Trade

DAY = {"type": "date"}
MOST = 10_000_000
MOST_OFFERED = 500  # places in a list; beyond, the place is told by its number


URGENCIES = [(one.value, f"{one.label[0].upper()}{one.label[1:]}") for one in Urgency]


class WholeField(forms.IntegerField):
    """Units, as people write them: « 1 200 »."""

    def __init__(self, label: str, least: int = 1, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric"})
        super().__init__(label=label, min_value=least, max_value=MOST, widget=widget, **options)

    def to_python(self, value: Any) -> int | None:
        try:
            return parse_integer(value)
        except NumberError as error:
            raise forms.ValidationError(str(error)) from error


class PlaceByFiness(forms.CharField):
    """One place among too many for a list, by the number of its establishment."""

    def __init__(self, rows: PerimeterQuerySet, path: str, **options: Any) -> None:
        super().__init__(max_length=20, help_text="Numéro FINESS (9 caractères).", **options)
        self.rows, self.path = rows, path

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            number = normalize_finess(text)
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from error
        found = self.rows.filter(**{self.path: number}).first()
        if found is None:
            raise forms.ValidationError(
                "Aucun établissement de votre ressort, ouvert et qui tient son propre stock, n’a "
                "ce numéro."
            )
        return found


class PlaceChoice(forms.ModelChoiceField):
    def __init__(self, rows: PerimeterQuerySet, *, trade: Trade, **options: Any) -> None:
        super().__init__(rows, empty_label="À choisir", **options)
        self.trade = trade

    def label_from_instance(self, obj: Any) -> str:
        return self.trade.named(obj)


class NeedForm(forms.Form):
    """Who lacks what, how much, why and for when."""

    goods: Any = forms.ModelChoiceField(
        label="Produit",
        queryset=None,
        empty_label="À choisir",
        error_messages={"required": "Choisissez le produit qui manque."},
    )
    quantity = WholeField(
        "Quantité",
        help_text="À l’unité, pas en boîtes.",
        error_messages={
            "required": "Dites combien il en manque.",
            "min_value": "Demandez au moins une unité.",
        },
    )
    urgency = forms.ChoiceField(
        label="Urgence", choices=URGENCIES, initial=Urgency.SOON, widget=forms.RadioSelect
    )
    wanted_on = forms.DateField(
        label="Souhaité pour le", widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label="Motif",
        help_text="Lu par l’ARS et par celui qui donne\u00a0: aucun nom de personne.",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Dites pourquoi en quelques mots."},
    )

    def __init__(self, *args: Any, trade: Trade, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goods: Any = self.fields["goods"]
        goods.queryset = trade.offered_goods()
        self.fields["place"] = place_field(trade, places_to(trade, user, Action.AID_ASK))
        self.order_fields(["place"])

    def clean_urgency(self) -> Urgency:
        return Urgency(self.cleaned_data["urgency"])


def place_field(trade: Trade, rows: PerimeterQuerySet) -> forms.Field:
    """A list when it can be read; the number for the agency of a region."""
    label = "Établissement à dépanner"
    told = {"required": "Dites quel établissement dépanner."}
    if rows.order_by()[: MOST_OFFERED + 1].count() > MOST_OFFERED:
        path = trade.below_site("finess")
        return PlaceByFiness(rows, path, label=label, error_messages=told)
    return PlaceChoice(rows, trade=trade, label=label, error_messages=told)


class DonorForm(forms.Form):
    """A donor chosen by the agency among those that keep three weeks."""

    giver = forms.ChoiceField(label="Donneur")
    quantity = WholeField("Quantité")

    def __init__(
        self, *args: Any, trade: Trade, candidates: Sequence[Candidate], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        giver: Any = self.fields["giver"]
        giver.choices = [
            ("", "À choisir"),
            *((str(one.place.pk), candidate_text(trade, one)) for one in candidates),
        ]


def candidate_text(trade: Trade, one: Candidate) -> str:
    """« CH de Bourges : 690 unités au plus, à environ 120 km »."""
    most = units_text(one.held.surplus, one.held.unit)
    expiry = f", {expiry_text(one.held.nearest_expiry)}" if trade.tells_expiry else ""
    return f"{trade.named(one.place)}\u00a0: {most} au plus, {one.distance.text}{expiry}"


class QuantityForm(forms.Form):
    quantity = WholeField("Quantité")


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False, max_length=500)


class ShippingForm(forms.Form):
    """What leaves; the expiry of the goods that have one, as declared with the stock if it was."""

    expiry = forms.DateField(
        label="Péremption la plus proche",
        help_text="De toutes les unités envoyées.",
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
        error_messages={"required": "Dites la péremption la plus proche des unités envoyées."},
    )
    note = forms.CharField(
        label="Transport et lots",
        help_text="Transporteur, numéro de suivi, lots.",
        required=False,
        max_length=250,
    )

    def __init__(self, *args: Any, trade: Trade, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not trade.tells_expiry:
            self.fields["expiry"].required = False
            self.fields["expiry"].help_text = "Quand les unités envoyées en portent une."
        elif self.initial.get("expiry"):
            self.fields["expiry"].help_text = (
                "De toutes les unités envoyées. C’est celle que vous avez déclarée avec le "
                "stock\u00a0: corrigez-la si d’autres unités partent."
            )

    def clean_expiry(self) -> date | None:
        found: date | None = self.cleaned_data["expiry"]
        if found and found < timezone.localdate():
            raise forms.ValidationError("Des unités périmées ne s’envoient pas.")
        return found


class ReceptionForm(forms.Form):
    quantity = WholeField("Quantité reçue", 0)
    comment = forms.CharField(
        label="Écart",
        help_text="Obligatoire si la quantité reçue n’est pas celle du transfert.",
        required=False,
        max_length=250,
    )
