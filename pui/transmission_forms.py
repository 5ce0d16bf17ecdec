"""What is typed around a transmission: due day and file, columns, searches, a reopening."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone

from common.forms import search_field
from common.weeks import PARIS
from pui.models import Transmission
from pui.services.reopening import LONGEST
from pui.transfer.columns import ASKED, LABELS

ACCEPTED = ".xlsx,.xlsm,.csv,.txt,.tsv"
DAY = {"type": "date"}
MISSING_COLUMN = "Le fichier n’a pas cette colonne"
NO_COLUMN = " "  # of no header: they have no space around
CHOOSE = ("", "À choisir")
OPTIONAL = ("label", "expiry")
HELP = {
    "ucd": "UCD7 ou UCD13\u00a0; le CIP13 d’une boîte est reconnu aussi.",
    "label": "Aide à proposer le bon produit quand un code n’est pas reconnu.",
    "stock": "En unités (UCD), sauf pour une ligne dont le code est celui d’une boîte.",
    "daily": "En unités par jour. Sans elle, les jours de couverture sont inconnus.",
    "expiry": "Facultative\u00a0: celle des unités en stock qui périment en premier.",
}


class TransmissionForm(forms.Form):
    """Which due day, which file; a due day is chosen beforehand only where there is no doubt."""

    due_on = forms.ChoiceField(label="Échéance", widget=forms.RadioSelect)
    file = forms.FileField(
        label="Fichier",
        help_text="XLSX ou CSV, 10\u00a0Mo au plus.",
        widget=forms.FileInput({"accept": ACCEPTED}),
        error_messages={
            "required": "Choisissez le fichier à transmettre.",
            "empty": "Ce fichier est vide\u00a0: enregistrez-le depuis votre logiciel, puis "
            "renvoyez-le.",
        },
    )

    def __init__(self, *args, choices: Sequence[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].choices = choices
        self.fields["due_on"].error_messages |= {
            "required": "Dites à quelle échéance ce fichier répond.",
            "invalid_choice": "Cette échéance n’est plus ouverte\u00a0: choisissez-en une autre.",
        }

    def clean_due_on(self) -> date:
        return date.fromisoformat(self.cleaned_data["due_on"])


class ColumnsForm(forms.Form):
    """Which header of the file holds what; those that were recognised are already there.

    That a file has no consumption is said, never supposed: without it no cover is known.
    """

    def __init__(self, *args, transmission: Transmission, **kwargs):
        super().__init__(*args, **kwargs)
        report = transmission.report
        headers = [header for header in report.get("headers", []) if header]
        known = dict(zip(report.get("roles", []), report.get("headers", []), strict=False))
        samples = dict(zip(report.get("headers", []), report.get("samples", []), strict=False))
        for spec in ASKED:
            first = {
                "label": [("", MISSING_COLUMN)],
                "expiry": [("", MISSING_COLUMN)],
                "daily": [CHOOSE, (NO_COLUMN, MISSING_COLUMN)],
            }
            is_told = spec.name == "daily" and spec.name not in report.get("asks", [])
            self.fields[spec.name] = forms.ChoiceField(
                label=LABELS[spec.name],
                help_text=HELP[spec.name],
                choices=[
                    *first.get(spec.name, [CHOOSE]),
                    *((header, named(header, samples.get(header))) for header in headers),
                ],
                required=spec.name not in OPTIONAL,
                initial=known.get(spec.name, NO_COLUMN if is_told else ""),
                error_messages={"required": "Dites quelle colonne la contient."},
            )

    def clean_daily(self) -> str:
        column: str = self.cleaned_data["daily"]
        return "" if column == NO_COLUMN else column


def named(header: str, sample: str | None) -> str:
    """« Dispo (UCD), par exemple 86 »."""
    return f"{header}, par exemple {sample}" if sample else header


class HistoryFilter(forms.Form):
    """Blank keeps everything."""

    recherche = search_field("PUI, établissement, commune ou FINESS")
    echeance = forms.DateField(
        label="Échéance du", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )


class ReopeningForm(forms.Form):
    """Which closed due day, until which evening, and why."""

    due_on = forms.ChoiceField(label="Échéance close à rouvrir")
    last_day = forms.DateField(
        label="Dernier jour pour transmettre",
        help_text="Jour compris, 31 jours au plus.",
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="Motif",
        help_text="Conservé au journal et montré à la PUI.",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, choices: Sequence[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].choices = [("", "À choisir"), *choices]

    def clean_due_on(self) -> date:
        return date.fromisoformat(self.cleaned_data["due_on"])

    def clean_last_day(self) -> date:
        """A day too far has no following one; the service judges to the minute."""
        day: date = self.cleaned_data["last_day"]
        if day > timezone.localdate() + LONGEST:
            raise forms.ValidationError("La réouverture doit finir dans les 31 jours.")
        return day

    def until(self) -> datetime:
        """The midnight, in Paris, that ends the last day."""
        following = self.cleaned_data["last_day"] + timedelta(days=1)
        return datetime.combine(following, time(0), tzinfo=PARIS)
