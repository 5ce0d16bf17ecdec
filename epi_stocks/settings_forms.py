"""The forms of the national settings: each change begins on a Monday, this week or later."""

from datetime import date, time

from django import forms
from django.core.exceptions import ValidationError

from common.numbers import NumberError, parse_integer
from common.weeks import shift, week_label
from epi_stocks.calendar import WEEKDAYS
from epi_stocks.models import EpiItem
from establishments.models import EstablishmentCategory

WEEKS_AHEAD = 9


class WholeNumberField(forms.IntegerField):
    """Read by the one number parser: Django's own field takes digits of other alphabets."""

    def to_python(self, value: str | int | None) -> int | None:
        try:
            return parse_integer(value)
        except NumberError as error:
            raise ValidationError(str(error), code="invalid") from error


class HourField(forms.TimeField):
    """An hour in our digits only: Python reads those of other alphabets."""

    def to_python(self, value: str | time | None) -> time | None:
        if isinstance(value, str) and not value.isascii():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class DatedForm(forms.Form):
    """A setting and the week from which it holds."""

    def __init__(self, *args, week: date, **kwargs):
        super().__init__(*args, **kwargs)
        weeks = [shift(week, ahead) for ahead in range(WEEKS_AHEAD)]
        self.fields["week"] = forms.TypedChoiceField(
            label="À partir de la semaine",
            choices=[(str(one), week_label(one)) for one in weeks],
            coerce=date.fromisoformat,
        )


class ItemForm(DatedForm):
    item_id = forms.TypedChoiceField(label="Équipement", coerce=int)
    is_counted = forms.TypedChoiceField(
        label="Décision",
        choices=[("oui", "Le compter"), ("non", "Ne plus le compter")],
        coerce=lambda text: text == "oui",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        items = EpiItem.objects.top().order_by("rank")
        self.fields["item_id"].choices = [(item.pk, item.label) for item in items]


class ThresholdForm(DatedForm):
    item_id = forms.TypedChoiceField(
        label="Équipement", coerce=int, empty_value=None, required=False
    )
    shortage = WholeNumberField(label="Rupture sous (jours)", min_value=1, max_value=365)
    critical = WholeNumberField(label="Critique sous (jours)", min_value=1, max_value=365)
    tense = WholeNumberField(label="Tendue sous (jours)", min_value=1, max_value=365)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        items = EpiItem.objects.top().order_by("rank")
        choices = [("", "Tous les équipements"), *((item.pk, item.label) for item in items)]
        self.fields["item_id"].choices = choices


class CategoryForm(DatedForm):
    code = forms.ModelChoiceField(
        label="Catégorie FINESS", queryset=EstablishmentCategory.objects.order_by("code")
    )
    is_expected = forms.TypedChoiceField(
        label="Décision",
        choices=[("oui", "L’attendre chaque semaine"), ("non", "Ne plus l’attendre")],
        coerce=lambda text: text == "oui",
    )

    def clean_code(self) -> str:
        return self.cleaned_data["code"].pk


class CalendarForm(DatedForm):
    expected_weekday = forms.TypedChoiceField(
        label="Attendu avant le", choices=list(enumerate(WEEKDAYS)), coerce=int
    )
    expected_time = HourField(
        label="Heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes_after_days = WholeNumberField(
        label="Jours ouverts après le lundi",
        help_text="14 : jusqu’au deuxième dimanche inclus.",
        min_value=7,
        max_value=60,
    )
