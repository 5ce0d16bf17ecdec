"""What is typed of capacities: a correction, an answer, a file, the filters of the list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from common.numbers import NumberError, parse_integer
from establishments.models import Department, Region
from establishments.perimeter import Action
from orders.models import Basis, CapacityRequest

ACCEPTED = ".xlsx,.csv,.txt"
WITHOUT, WAITING = "sans", "demande"
LONGEST = CapacityRequest._meta.get_field("reason").max_length


class NumberField(forms.CharField):
    """Read by the one number parser: Django's own field takes digits of other alphabets."""

    widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: str) -> int:
        text = super().clean(value)
        try:
            number = parse_integer(text, maximum=100_000)
        except NumberError as refusal:
            raise ValidationError(str(refusal)) from refusal
        if number is None:
            raise ValidationError("Tapez un nombre.")
        return number


class AskForm(forms.Form):
    """The basis is chosen: nothing is proposed in the place of the person."""

    basis = forms.ChoiceField(
        label="Ce qui est à corriger", choices=Basis.choices, widget=forms.RadioSelect
    )
    asked = NumberField(label="Nombre exact aujourd’hui", max_length=20)
    reason = forms.CharField(
        label="Motif",
        max_length=LONGEST,
        help_text="La date et le numéro de l’arrêté d’autorisation, par exemple. L’ARS le lit.",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"].choices = [(one.value, f"{one.label}s".capitalize()) for one in Basis]


class DecideForm(forms.Form):
    """No answer is chosen beforehand; a refusal needs its reason."""

    ACCEPT, REFUSE = "accepter", "refuser"
    decision = forms.ChoiceField(
        label="Décision",
        choices=[
            (ACCEPT, "Accepter\u00a0: le nombre demandé devient le nombre connu"),
            (REFUSE, "Refuser\u00a0: le nombre connu ne change pas"),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="Réponse",
        required=False,
        max_length=LONGEST,
        help_text="Obligatoire pour refuser. Envoyée par courriel à la personne qui a demandé.",
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("decision") == self.REFUSE and not told.get("answer"):
            self.add_error("answer", "Dites pourquoi la correction est refusée.")
        return told

    @property
    def is_accepted(self) -> bool:
        return bool(self.cleaned_data["decision"] == self.ACCEPT)


class FileForm(forms.Form):
    fichier = forms.FileField(
        label="Fichier",
        help_text="XLSX ou CSV, 10 Mo au plus. Une ligne par établissement.",
        widget=forms.FileInput({"accept": ACCEPTED}),
    )


class CapacityFilter(forms.Form):
    """One form sent by GET; a value that is not offered is left aside."""

    region = forms.ChoiceField(label="Région", required=False)
    departement = forms.ChoiceField(label="Département", required=False)
    capacite = forms.ChoiceField(
        label="Capacité",
        required=False,
        choices=[
            ("", "Toutes"),
            (WITHOUT, "Pas connue\u00a0: comptent 0"),
            (WAITING, "Correction demandée"),
        ],
    )
    recherche = forms.CharField(label="Nom ou FINESS", required=False, max_length=100)

    def __init__(self, data: Any, *, user: User) -> None:
        data = data.copy()
        super().__init__(data)
        perimeter = user.perimeter_to(Action.ORD_QUOTA_READ)
        own = perimeter.region_codes
        if perimeter.is_national:
            regions = list(Region.objects.order_by("name").values_list("pk", "name"))
            self.fields["region"].choices = [("", "France entière"), *regions]
            own = frozenset({data.get("region", "")})
        else:
            del self.fields["region"]
        departments = list(Department.objects.filter(region__in=own).order_by("code"))
        if len(departments) < 2:
            del self.fields["departement"]
        else:
            offered = [(one.pk, f"{one.pk} {one.name}") for one in departments]
            self.fields["departement"].choices = [("", "Tous"), *offered]
        self.is_valid()
        for name in self.errors.keys() & self.fields.keys():
            data[name] = ""

    def chosen(self, name: str) -> str:
        found: str = self.cleaned_data.get(name) or ""
        return found.strip()

    @property
    def is_filtered(self) -> bool:
        return any(map(self.chosen, self.fields))
