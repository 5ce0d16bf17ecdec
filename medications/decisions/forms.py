"""The forms of the national decisions: each says from when."""

from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from medications.models import Priority, ReferenceProduct
from medications.sentences import WEEKDAYS

FARTHEST = 366  # days ahead


class HourField(forms.TimeField):
    """An hour in our digits only: Python reads those of other alphabets."""

    def to_python(self, value: str | time | None) -> time | None:
        if isinstance(value, str) and not value.isascii():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class DatedForm(forms.Form):
    """A decision and the day from which it holds; ``earliest`` is the first one possible."""

    starts_on = forms.DateField(
        label="À partir du",
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="Le lendemain d’une échéance est le plus simple pour les PUI.",
    )

    def __init__(self, *args: Any, earliest: date, proposed: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        field = self.fields["starts_on"]
        field.initial = proposed
        field.widget.attrs["min"] = earliest.isoformat()

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < self.earliest:
            raise ValidationError(
                f"Une décision ne vaut pas pour le passé\u00a0: au plus tôt le "
                f"{self.earliest:%d/%m/%Y}."
            )
        if (day - self.earliest).days > FARTHEST:
            raise ValidationError("C’est dans plus d’un an\u00a0: choisissez un jour plus proche.")
        return day


def priority_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Priorité",
        choices=[(value, label.capitalize()) for value, label in Priority.choices],
        coerce=int,
        widget=forms.RadioSelect,
    )


class FollowForm(DatedForm):
    priority = priority_field()
    field_order = ("priority", "starts_on")


class PriorityForm(DatedForm):
    priority = priority_field()
    field_order = ("priority", "starts_on")


class EndForm(DatedForm):
    reason = forms.CharField(
        label="Motif",
        max_length=250,
        help_text="Il est écrit au journal, par exemple «\u00a0n’est plus commercialisé\u00a0».",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].label = "N’est plus suivi à partir du"


class RegroupForm(forms.Form):
    """A UCD de référence that is known, or a new one."""

    reference = forms.ModelChoiceField(
        ReferenceProduct.objects.all(),
        label="UCD de référence",
        required=False,
        empty_label="Une nouvelle, décrite ci-dessous",
    )
    substance = forms.CharField(label="DCI (d’une nouvelle)", max_length=200, required=False)
    strength = forms.CharField(
        label="Dosage (d’une nouvelle)",
        max_length=60,
        required=False,
        help_text="Celui de l’unité comptée, par exemple «\u00a050 mg/10 ml\u00a0».",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        described = [cleaned.get(name, "").strip() for name in ("substance", "strength")]
        if cleaned.get("reference") and any(described):
            raise ValidationError(
                "Choisissez une UCD de référence connue, ou décrivez-en une nouvelle\u00a0: "
                "pas les deux."
            )
        if not cleaned.get("reference") and not all(described):
            raise ValidationError(
                "Choisissez une UCD de référence, ou donnez une DCI et un dosage."
            )
        return cleaned


class DescribeForm(forms.Form):
    """A product that no public table holds."""

    label = forms.CharField(label="Libellé", max_length=250)
    code = forms.CharField(
        label="UCD (7 ou 13 chiffres)",
        max_length=20,
        required=False,
        help_text="Vide, faute de code public\u00a0: il en reçoit un inventé, marqué fictif.",
    )
    unit = forms.CharField(
        label="Unité comptée", max_length=40, help_text="Par exemple ampoule, flacon, seringue."
    )
    laboratory = forms.CharField(label="Laboratoire", max_length=120, required=False)
    substance = forms.CharField(label="DCI", max_length=200, required=False)
    strength = forms.CharField(label="Dosage", max_length=60, required=False)

    def __init__(self, *args: Any, is_device: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "substance", "strength") if is_device else ():
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("substance")) != bool(cleaned.get("strength")):
            raise ValidationError("Donnez la DCI et le dosage ensemble, ou aucun des deux.")
        return cleaned


class ThresholdsForm(DatedForm):
    shortage = forms.IntegerField(label="Rupture sous (jours)", min_value=1, max_value=365)
    critical = forms.IntegerField(label="Critique sous (jours)", min_value=1, max_value=365)
    tense = forms.IntegerField(label="Tendue sous (jours)", min_value=1, max_value=365)
    field_order = ("shortage", "critical", "tense", "starts_on")


class FrequencyForm(DatedForm):
    weekdays = forms.TypedMultipleChoiceField(
        label="Jours attendus",
        choices=[(number, day.capitalize()) for number, day in enumerate(WEEKDAYS, start=1)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Une liste se déclare au moins une fois par semaine."},
    )
    due_time = HourField(
        label="Avant (heure de Paris)", widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    field_order = ("weekdays", "due_time", "starts_on")
