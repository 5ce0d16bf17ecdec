"""What is typed of a wave, of its deliveries, of a vaccine."""

from datetime import datetime
from typing import Any

from django import forms

from common.forms import search_field
from common.identifiers import IdentifierError, normalize_finess
from common.tabular import TabularError
from establishments.models import Department, EstablishmentCategory, Region
from vaccines.models import Vaccine, Wave
from vaccines.services.waves import Opening, WaveError, deadline_refusal, require_same
from vaccines.states import State
from vaccines.waves.asked import Asked, of_categories, read_file, typed_list

DAY = {"type": "date"}
DUE_FORMATS = ["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"]
FILES = {"accept": ".xlsx,.csv,.txt"}
# those that a pharmacy serves and that have residents to vaccinate come first
USUAL = ("500", "362", "501", "502", "381", "255", "437")


class RecipientsForm(forms.Form):
    """Whom a wave is for: one way among three."""

    fichier = forms.FileField(
        label="Fichier des destinataires",
        help_text="XLSX ou CSV\u00a0: FINESS destinataire, et au besoin FINESS de la PUI, flux (A "
        "ou B), FINESS de l’hôpital pivot.",
        required=False,
        widget=forms.FileInput(FILES),
    )
    liste = forms.CharField(
        label="Liste de leurs numéros FINESS",
        help_text="Un par ligne, ou séparés par des virgules.",
        required=False,
        max_length=200_000,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
    )
    categories = forms.MultipleChoiceField(
        label="Tous les établissements ouverts de ces catégories",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    region = forms.ModelChoiceField(
        Region.objects.all(), label="De la région", required=False, empty_label="Toute la France"
    )
    departement = forms.ModelChoiceField(
        Department.objects.all(), label="Du département", required=False, empty_label="Tous"
    )
    pivot = forms.CharField(
        label="Hôpital pivot (flux B)",
        help_text="FINESS du site de sa PUI. Vide\u00a0: Santé publique France (flux A). Pour la "
        "liste et les catégories\u00a0; le fichier dit le sien.",
        required=False,
        max_length=30,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(
            EstablishmentCategory.objects.filter(pk__in=USUAL).values_list("code", "label")
        )
        self.fields["categories"].choices = [(code, known[code]) for code in USUAL if code in known]

    def clean_pivot(self) -> str:
        text = self.cleaned_data["pivot"]
        try:
            return normalize_finess(text) if text else ""
        except IdentifierError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        ways = [name for name in ("fichier", "liste", "categories") if cleaned.get(name)]
        if not self.errors and len(ways) != 1:
            self.add_error(
                None,
                "Choisissez une manière, et une seule\u00a0: un fichier, une liste ou des "
                "catégories.",
            )
        region, department = cleaned.get("region"), cleaned.get("departement")
        if region and department and department.region_id != region.pk:
            self.add_error("departement", f"{department} n’est pas dans la région {region}.")
        return cleaned

    def asked(self) -> list[Asked]:
        """Empty with an error beside the field when the file cannot be read."""
        typed = self.cleaned_data
        if sent := typed["fichier"]:
            try:
                return read_file(sent, sent.name)
            except TabularError as refusal:
                self.add_error("fichier", str(refusal))
                return []
        if typed["liste"]:
            return typed_list(typed["liste"], pivot=typed["pivot"])
        found = of_categories(
            typed["categories"], typed["region"], typed["departement"], pivot=typed["pivot"]
        )
        if not found:
            self.add_error("categories", "Aucun établissement ouvert de ces catégories ici.")
        return found


class WaveForm(RecipientsForm):
    """A new wave and whom it is for."""

    label = forms.CharField(
        label="Nom de la vague",
        max_length=120,
        help_text="Par exemple «\u00a0EHPAD et USLD, 2e livraison, semaine 6\u00a0».",
    )
    vaccine = forms.ModelChoiceField(
        Vaccine.objects.all(), label="Vaccin", empty_label="Choisir un vaccin"
    )
    delivers_on = forms.DateField(
        label="Livraison prévue le", widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    needs_due_at = forms.DateTimeField(
        label="Besoins à saisir avant le",
        help_text="Heure de Paris.",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=DUE_FORMATS,
    )
    field_order = ("label", "vaccine", "delivers_on", "needs_due_at")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        due, day = cleaned.get("needs_due_at"), cleaned.get("delivers_on")
        if due and day and (why := deadline_refusal(day, due)):
            self.add_error("needs_due_at", why)
        if not self.errors:
            self._refuse_name()
        return cleaned

    def clean_label(self) -> str:
        return " ".join(self.cleaned_data["label"].split())

    def _refuse_name(self) -> None:
        """That of another wave; the same wave described again is the same one."""
        opening = self.opening()
        known = Wave.objects.select_related("vaccine").filter(label=opening.label).first()
        try:
            if known:
                require_same(known, opening)
        except WaveError as refusal:
            self.add_error("label", str(refusal))

    def opening(self) -> Opening:
        typed = self.cleaned_data
        return Opening(
            typed["label"], typed["vaccine"], typed["delivers_on"], typed["needs_due_at"]
        )


class DeadlineForm(forms.Form):
    """Until when the needs of a wave are typed; ``seen`` is what was shown, ``told`` what to read
    before one saves again."""

    until = forms.DateTimeField(
        label="Besoins à saisir avant le",
        help_text="Heure de Paris.",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=DUE_FORMATS,
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, wave: Wave, told: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told = told
        self.initial = {"until": wave.needs_due_at, "seen": wave.needs_due_at.isoformat()}

    def clean_seen(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError as error:
            raise forms.ValidationError("Rechargez la page.") from error


class LineFilter(forms.Form):
    """Which lines of a wave."""

    etat = forms.ChoiceField(label="État", required=False)
    region = forms.ModelChoiceField(
        Region.objects.all(), label="Région", required=False, empty_label="Toutes"
    )
    recherche = search_field("Destinataire ou PUI", autocomplete="off")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Tous"), *((one.value, one.label) for one in State)]
        self.fields["etat"].choices = choices


class ProposalForm(forms.Form):
    """The day on which what is proposed would be delivered."""

    jour = forms.DateField(
        label="Livraison prévue le", widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )


class PlanFileForm(forms.Form):
    """The export of the wave, filled."""

    fichier = forms.FileField(
        label="Plan de livraison",
        help_text="XLSX ou CSV\u00a0: FINESS destinataire, date prévue, doses prévues, expédiée "
        "le, doses expédiées. Une case vide ne change rien.",
        widget=forms.FileInput(FILES),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
