"""What is typed of a rule, of an alert, and of one's mails."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from common.cover import Level
from establishments.models import Department, Region
from steering.alerts.measures import LIST, MEASURES
from steering.alerts.measures.measure import Measure, Subjects
from steering.alerts.subjects import choices, subject_names
from steering.models import AlertPreference, AlertRule, AlertScale, Urgency
from steering.services.alert_rules import Typed
from steering.services.alerts import LONGEST

ISO = "%Y-%m-%d"
DAYS, WEEKS = "jours", "semaines"
SCALES = {
    AlertScale.REGION: "Chaque région",
    AlertScale.DEPARTMENT: "Chaque département",
    AlertScale.COUNTRY: "Le pays entier",
    AlertScale.SITE: "Chaque établissement d’un territoire",
}
CLASSES = {
    Level.TENSE: "Tendue, ou pire",
    Level.CRITICAL: "Critique, ou pire",
    Level.SHORTAGE: "Rupture",
}


class RuleForm(forms.Form):
    label = forms.CharField(label="Nom de la règle", max_length=120)
    measure = forms.ChoiceField(label="Ce qui est mesuré")
    subject = forms.ChoiceField(
        label="De quel produit",
        required=False,
        help_text="Sans objet pour les taux de déclaration et les retards.",
    )
    scale = forms.ChoiceField(
        label="Où regarder", choices=[(one.value, label) for one, label in SCALES.items()]
    )
    places = forms.IntegerField(
        label="Dans combien de lieux à la fois",
        min_value=1,
        max_value=100,
        initial=1,
        help_text="1\u00a0: une alerte par lieu. Plus\u00a0: une seule alerte pour la région, ou "
        "pour le pays, qui nomme les lieux touchés.",
    )
    region = forms.ModelChoiceField(
        Region.objects.all(), label="Seulement cette région", required=False, empty_label="Toutes"
    )
    department = forms.ModelChoiceField(
        Department.objects.filter(region__isnull=False),
        label="Seulement ce département",
        required=False,
        empty_label="Tous",
    )
    at_least = forms.ChoiceField(
        label="À partir de la classe",
        required=False,
        choices=[("", "Un seuil chiffré"), *((one.value, text) for one, text in CLASSES.items())],
        help_text="Pour les couvertures\u00a0: les seuils des classes sont ceux en vigueur.",
    )
    threshold = forms.DecimalField(
        label="Ou seuil chiffré",
        required=False,
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        help_text="Dans l’unité de la mesure\u00a0: jours, % ou semaines. L’alerte s’ouvre en "
        "dessous pour une couverture, un taux de déclaration ou un stock\u00a0; à partir de ce "
        "nombre pour un retard ou des contingents commandés.",
    )
    lasts = forms.IntegerField(label="Tient depuis", min_value=0, max_value=90, initial=0)
    lasts_unit = forms.ChoiceField(
        label="Jours ou semaines", choices=[(DAYS, "jours"), (WEEKS, "semaines")]
    )
    calm_hours = forms.IntegerField(
        label="Se ferme après (heures de calme)",
        min_value=0,
        max_value=720,
        initial=24,
        help_text="La mesure doit être revenue à la normale pendant ce temps.",
    )
    urgency = forms.ChoiceField(label="Urgence", choices=Urgency.choices, initial=Urgency.HIGH)
    starts_on = forms.DateField(
        label="Appliquée à partir du", widget=forms.DateInput({"type": "date"}, ISO)
    )
    ends_on = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=forms.DateInput({"type": "date"}, ISO),
        help_text="Jour compris. Vide\u00a0: sans fin.",
    )

    def __init__(self, *args: Any, rule: AlertRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        names = subject_names()
        fields["subject"].choices = choices(names)
        if rule is None:
            measures = [("", "Choisissez une mesure"), *map(_measure_choice, LIST)]
            fields["starts_on"].initial = timezone.localdate()
        else:
            measures = [_measure_choice(MEASURES[rule.measure])]
            if rule.subject and (kept := _subject_choice(rule)) not in _offered(names):
                fields["subject"].choices = [
                    *choices(names),
                    (kept, "Produit qui n’est plus suivi"),
                ]
        fields["measure"].choices = measures

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        measure = MEASURES.get(cleaned.get("measure", ""))
        kind, _, number = str(cleaned.get("subject") or "").partition(":")
        if measure and number and kind != measure.subjects:
            self.add_error("subject", _wrong_subject(measure.subjects))
        cleaned["subject_number"] = number
        return cleaned

    def typed(self) -> Typed:
        told = self.cleaned_data
        weeks = 7 if told["lasts_unit"] == WEEKS else 1
        return Typed(
            label=told["label"],
            measure=told["measure"],
            scale=told["scale"],
            urgency=told["urgency"],
            starts_on=told["starts_on"],
            subject=told["subject_number"],
            region=told["region"],
            department=told["department"],
            at_least=told["at_least"],
            threshold=told["threshold"],
            places=told["places"],
            lasts_days=told["lasts"] * weeks,
            calm_hours=told["calm_hours"],
            ends_on=told["ends_on"],
        )


SAME = (
    "label", "measure", "scale", "region", "department", "at_least", "threshold", "places",
    "calm_hours", "urgency", "starts_on", "ends_on",
)  # fmt: skip


def initial_of(rule: AlertRule) -> dict[str, Any]:
    """What the form of a rule begins with."""
    is_weeks = rule.lasts_days and rule.lasts_days % 7 == 0
    return {name: getattr(rule, name) for name in SAME} | {
        "subject": _subject_choice(rule),
        "threshold": rule.threshold.normalize() if rule.threshold is not None else None,
        "lasts": rule.lasts_days // 7 if is_weeks else rule.lasts_days,
        "lasts_unit": WEEKS if is_weeks else DAYS,
    }


def _measure_choice(measure: Measure) -> tuple[str, str]:
    return measure.slug, f"{measure.label} ({measure.unit})"


def _subject_choice(rule: AlertRule) -> str:
    kind = MEASURES[rule.measure].subjects
    return f"{kind}:{rule.subject}" if rule.subject else ""


def _offered(names: Any) -> set[str]:
    return {f"{kind}:{number}" for kind, found in names.items() for number in found}


def _wrong_subject(kind: Subjects) -> str:
    return {
        Subjects.NONE: "Cette mesure n’est d’aucun produit\u00a0: choisissez «\u00a0Tous\u00a0».",
        Subjects.ITEM: "Choisissez un équipement, ou tous.",
        Subjects.SUBSTANCE: "Choisissez une DCI, ou toutes.",
        Subjects.REFERENCE: "Choisissez une UCD de référence, ou toutes.",
    }[kind]


class NothingForm(forms.Form):
    """A decision with nothing to type."""


class WordForm(forms.Form):
    """What one does about an alert, or saw."""

    word = forms.CharField(
        label="Ce que vous faites",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text="Vos collègues le lisent dans le suivi.",
        error_messages={"required": "Dites en quelques mots ce que vous faites."},
    )


class CommentForm(forms.Form):
    word = forms.CharField(
        label="Commentaire",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Écrivez votre commentaire."},
    )


class MailsForm(forms.Form):
    rhythm = forms.ChoiceField(
        label="Courriels d’alerte de ce profil",
        choices=AlertPreference.Rhythm.choices,
        widget=forms.RadioSelect,
    )
