"""What is typed of the list: the cells of a line, the file, the sources, the day of a region."""

from django import forms

from common.forms import search_field
from common.weeks import PARIS
from establishments.models import Region
from pui.models import OnboardingLine, SwitchOver
from pui.onboarding.file import ACTION_TEXT
from pui.onboarding.sources import FILES, TITLES
from pui.onboarding.steps import Step
from pui.onboarding.values import Action, Refusal, Typed, read_typed, typed_of

DAY = {"type": "date"}
KEEP, DELETE = (
    ("", "Il a une PUI\u00a0: garder"),
    ("A supprimer", "Il n’en a pas\u00a0: à supprimer"),
)
CREATE = ("A créer", "A créer")


class LineForm(forms.Form):
    """The four cells of a line; ``seen`` is its mark when the form was shown."""

    action = forms.ChoiceField(
        label="L’établissement dispose-t-il d’une PUI\u00a0?",
        required=False,
        widget=forms.RadioSelect,
    )
    site = forms.CharField(
        label="FINESS géographique de la PUI",
        required=False,
        max_length=30,
        help_text="Celui du site où elle est physiquement implantée\u00a0; l’entité juridique est "
        "complétée.",
        widget=forms.TextInput({"autocomplete": "off", "list": "sites", "spellcheck": "false"}),
    )
    label = forms.CharField(
        label="Libellé de la PUI",
        required=False,
        max_length=120,
        help_text="Par exemple «\u00a0PUI CH Blois\u00a0».",
    )
    ipe = forms.CharField(
        label="IPE",
        required=False,
        max_length=20,
        help_text="Identifiant permanent de l’établissement, si vous le connaissez.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, line: OnboardingLine | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.typed: Typed | None = None
        if line is None:
            del self.fields["action"]
            self.fields["site"].required = self.fields["label"].required = True
            return
        is_added = OnboardingLine.Source.ARS in line.sources
        self.fields["action"].choices = [CREATE if is_added else KEEP, DELETE]
        now = typed_of(line)
        self.initial = {
            "action": ACTION_TEXT[Action(now.action)],
            "site": now.finess,
            "label": now.label,
            "ipe": now.ipe,
            "seen": now.mark,
        }

    def clean(self):
        cleaned = super().clean()
        cells = dict(cleaned) if "action" in self.fields else {**cleaned, "action": CREATE[0]}
        self.typed, refusals = read_typed(cells)
        self.refuse(refusals)
        return cleaned

    def refuse(self, refusals: list[Refusal]) -> None:
        """Each beside its field."""
        for one in refusals:
            self.add_error(one.field if one.field in self.fields else None, one.sentence)


class ListFileForm(forms.Form):
    """The list, filled."""

    file = forms.FileField(
        label="La liste remplie",
        help_text="XLSX ou CSV, 10 Mo au plus.",
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )


class SourcesForm(forms.Form):
    """The files of the three sources, and the region whose list is made; none: every region."""

    region = forms.ModelChoiceField(
        Region.objects.all(), label="Région", required=False, empty_label="Toutes les régions"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for source in FILES:
            self.fields[source.value] = forms.FileField(
                label=TITLES[source],
                help_text="XLSX ou CSV, une colonne «\u00a0FINESS\u00a0» (ET ou EJ, ou les deux).",
                required=False,
                widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
            )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(source.value) for source in FILES):
            self.add_error(None, "Choisissez au moins un fichier.")
        return cleaned


class SwitchForm(forms.Form):
    """The calendar of one region."""

    meeting_at = forms.DateTimeField(
        label="Réunion préparatoire",
        required=False,
        help_text="Heure de Paris. Vide s’il n’y en a pas, comme pour une région pilote.",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )
    switches_on = forms.DateField(
        label="Bascule le", widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Données de maPUI acceptées jusqu’au",
        required=False,
        help_text="Vide tant que la montée en charge dure.",
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    is_pilot = forms.BooleanField(label="Région pilote", required=False)

    def __init__(self, *args, switch: SwitchOver | None, **kwargs):
        super().__init__(*args, **kwargs)
        if switch:
            meeting = switch.meeting_at and switch.meeting_at.astimezone(PARIS)
            self.initial = {
                "meeting_at": meeting,
                "switches_on": switch.switches_on,
                "ends_on": switch.ends_on,
                "is_pilot": switch.is_pilot,
            }


class LineFilter(forms.Form):
    """Which lines of a list: a step, and words of the name or of a number."""

    etape = forms.ChoiceField(label="Étape", required=False)
    recherche = search_field("Établissement ou numéro FINESS", autocomplete="off")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "Toutes"), *((step.value, step.label) for step in Step)]
        self.fields["etape"].choices = choices
