"""What is typed to put lines right, and to answer a report."""

from typing import Any

from django import forms

from accounts.models import User
from vaccines.corrections.finding import PharmacyField, PlaceField
from vaccines.corrections.planning import Target
from vaccines.corrections.reports import MOVE, REMOVE, RESTORE
from vaccines.models import SupplyLine, Wave
from vaccines.services.corrections import NewLine

SEARCHED = (
    "Numéro FINESS, ou début des mots du nom et de la commune\u00a0: «\u00a0till orle\u00a0»."
)
READ = "La PUI le reçoit par courriel\u00a0; l’historique de la ligne le garde."


def reason_field(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label="Motif",
        help_text=READ,
        required=required,
        max_length=250,
        widget=forms.Textarea({"rows": 2}),
    )


class MoveForm(forms.Form):
    """A recipient, a pharmacy, or both; left blank, each stays what it is."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["destinataire"] = PlaceField(
            user=user, label="Nouveau destinataire", help_text=SEARCHED, required=False
        )
        self.fields["pui"] = PharmacyField(
            user=user,
            label="Nouvelle PUI",
            help_text="Vide\u00a0: celle qui dessert le nouveau destinataire.",
            required=False,
        )
        self.fields["motif"] = reason_field()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.errors and not (typed.get("destinataire") or typed.get("pui")):
            raise forms.ValidationError(
                "Dites où déplacer\u00a0: un destinataire, une PUI, ou les deux."
            )
        return typed

    def target(self) -> Target:
        return Target(self.cleaned_data["destinataire"], self.cleaned_data["pui"])


class RemoveForm(forms.Form):
    cause = forms.ChoiceField(
        label="Pourquoi", choices=SupplyLine.Removal.choices, widget=forms.RadioSelect
    )
    motif = reason_field(required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motif"].label = "Précisions"
        self.fields["motif"].help_text = f"Obligatoires pour un autre motif. {READ}"

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        is_other = typed.get("cause") == SupplyLine.Removal.OTHER
        if is_other and not typed.get("motif", "").strip():
            self.add_error("motif", "Écrivez ce motif\u00a0: la PUI le lit.")
        return typed


class RestoreForm(forms.Form):
    motif = reason_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CreateForm(forms.Form):
    """A missing line of a wave."""

    vague = forms.ModelChoiceField(
        label="Vague", queryset=Wave.objects.all(), empty_label="Choisissez"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["destinataire"] = PlaceField(
            user=user, label="Destinataire final", help_text=SEARCHED
        )
        self.fields["pui"] = PharmacyField(
            user=user,
            label="PUI",
            help_text="Vide\u00a0: celle qui dessert ce destinataire.",
            required=False,
        )
        self.fields["provenance"] = forms.ChoiceField(
            label="Provenance",
            choices=[(one.value, one.label[:1].upper() + one.label[1:]) for one in SupplyLine.Flow],
            widget=forms.RadioSelect,
        )
        self.fields["pivot"] = PharmacyField(
            user=user,
            label="PUI de l’hôpital pivot",
            help_text="Pour le flux B seulement.",
            required=False,
        )
        self.fields["motif"] = reason_field()

    def new(self) -> NewLine:
        typed = self.cleaned_data
        return NewLine(
            typed["vague"],
            typed["destinataire"],
            typed["provenance"],
            typed["pivot"],
            typed["pui"],
        )


class DismissForm(forms.Form):
    reponse = forms.CharField(
        label="Votre réponse",
        help_text="La PUI la reçoit par courriel.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


FORMS: dict[str, type[forms.Form]] = {
    MOVE: MoveForm,
    REMOVE: RemoveForm,
    RESTORE: RestoreForm,
}
