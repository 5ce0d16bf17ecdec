"""What is typed in mutual aid: a need, a donor, a quantity, a shipping, a reception, a reason."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from establishments.redistribution.states import Urgency
from medications.models import Monitoring, ReferenceProduct
from pui.aid.donors import Candidate
from pui.aid.explaining import unit_text
from pui.aid.rights import puis_to
from pui.aid.stocks import OTHERS
from pui.models import Pui

DAY = {"type": "date"}
MOST = 10_000_000
WHOLE = {"inputmode": "numeric"}


class PuiChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Pui) -> str:
        return f"{obj.label}, {obj.establishment.name}"


def followed_references() -> "forms.models.QuerySet[ReferenceProduct]":
    """What the list of the other medicines follows today."""
    followed = Monitoring.objects.in_force(timezone.localdate()).filter(monitored_list=OTHERS)
    products = followed.values("product__reference")
    return ReferenceProduct.objects.filter(pk__in=products).order_by("label")


class NeedForm(forms.Form):
    """Which pharmacy lacks what, how much, why and for when."""

    pui = PuiChoice(
        label="PUI à dépanner",
        queryset=Pui.objects.none(),
        empty_label="À choisir",
        error_messages={"required": "Choisissez la PUI à dépanner."},
    )
    reference = forms.ModelChoiceField(
        label="UCD de référence",
        help_text="Les UCD d’une même molécule et d’un même dosage se remplacent.",
        queryset=ReferenceProduct.objects.none(),
        empty_label="À choisir",
        error_messages={"required": "Choisissez le produit qui manque."},
    )
    quantity = forms.IntegerField(
        label="Quantité",
        help_text="En unités (ampoules, flacons…), pas en boîtes.",
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput(WHOLE),
        error_messages={
            "required": "Dites combien d’unités manquent.",
            "min_value": "Demandez au moins une unité.",
        },
    )
    urgency = forms.ChoiceField(
        label="Urgence", choices=Urgency.choices, initial=Urgency.SOON, widget=forms.RadioSelect
    )
    wanted_on = forms.DateField(
        label="Souhaité pour le", widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label="Motif",
        help_text="Lu par l’ARS et par la pharmacie qui donne\u00a0: aucun nom de patient.",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Dites pourquoi en quelques mots."},
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        rows = puis_to(user, Action.AID_ASK).open_on(timezone.localdate())
        self.fields["pui"].queryset = rows.select_related("establishment")
        self.fields["reference"].queryset = followed_references()

    def clean_urgency(self) -> Urgency:
        return Urgency(self.cleaned_data["urgency"])


class DonorForm(forms.Form):
    """A donor chosen by the agency among those that keep three weeks."""

    giver = forms.ChoiceField(label="PUI qui donne")
    quantity = forms.IntegerField(
        label="Quantité", min_value=1, max_value=MOST, widget=forms.TextInput(WHOLE)
    )

    def __init__(self, *args, candidates: Sequence[Candidate], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["giver"].choices = [
            ("", "À choisir"),
            *((str(one.pui.pk), candidate_text(one)) for one in candidates),
        ]


def candidate_text(one: Candidate) -> str:
    """« PUI de Bourges, CH de Bourges : 690 ampoules au plus, à environ 120 km »."""
    most = unit_text(one.held.surplus, one.held.unit)
    site = one.pui.establishment.name
    return f"{one.pui.label}, {site}\u00a0: {most} au plus, {one.distance.text}"


class QuantityForm(forms.Form):
    quantity = forms.IntegerField(min_value=1, max_value=MOST)


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False, max_length=500)


class ShippingForm(forms.Form):
    """Pharmacies declare no expiry: the giver tells the nearest one of what leaves."""

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

    def clean_expiry(self) -> date:
        found: date = self.cleaned_data["expiry"]
        if found < timezone.localdate():
            raise forms.ValidationError("Des unités périmées ne s’envoient pas.")
        return found


class ReceptionForm(forms.Form):
    quantity = forms.IntegerField(
        label="Quantité reçue", min_value=0, max_value=MOST, widget=forms.TextInput(WHOLE)
    )
    comment = forms.CharField(
        label="Écart",
        help_text="Obligatoire si la quantité reçue n’est pas celle du transfert.",
        required=False,
        max_length=250,
    )
