"""What an ARS chooses of its reminders."""

from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from medications.sentences import WEEKDAYS, hour_text
from pui.reminders.timetable import Timetable
from pui.services.timetables import Setting

HOURS = range(8, 19)
WORKING = 5
PATIENCE = range(1, 6)


class TimetableForm(forms.Form):
    """The days, the hour, and when the next people are written to."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Jours",
        choices=[(day, WEEKDAYS[day - 1].capitalize()) for day in range(1, WORKING + 1)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Un jour férié est reporté au jour ouvré suivant.",
        error_messages={"required": "Choisissez au moins un jour."},
    )
    hour = forms.TypedChoiceField(
        label="Heure",
        choices=[(hour, hour_text(time(hour))) for hour in HOURS],
        coerce=int,
        help_text="Heure de Paris.",
    )
    patience = forms.TypedChoiceField(
        label="Relances sans réponse avant l’étape suivante",
        choices=[(count, count) for count in PATIENCE],
        coerce=int,
        help_text="D’abord les GF, puis aussi les APE, puis l’ARS est prévenue.",
    )

    def __init__(self, *args: Any, timetable: Timetable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "weekdays": list(timetable.weekdays),
            "hour": timetable.at.hour,
            "patience": timetable.patience,
        }

    @property
    def setting(self) -> Setting:
        chosen = self.cleaned_data
        return Setting(tuple(chosen["weekdays"]), time(chosen["hour"]), chosen["patience"])

    @property
    def kept(self) -> list[tuple[str, Any]]:
        """What the confirmation carries."""
        chosen = self.cleaned_data
        days = [("weekdays", day) for day in chosen["weekdays"]]
        return [*days, ("hour", chosen["hour"]), ("patience", chosen["patience"])]


class PauseForm(forms.Form):
    """Until when nobody is written to."""

    resumes_on = forms.DateField(
        label="Reprise le",
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="Vide\u00a0: jusqu’à ce que quelqu’un les reprenne.",
    )

    def clean_resumes_on(self) -> date | None:
        day: date | None = self.cleaned_data["resumes_on"]
        if day and day <= timezone.localdate():
            raise ValidationError("Choisissez un jour à venir.")
        return day
