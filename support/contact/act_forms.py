"""What those who answer fill: an answer, a note, a transfer, a merge, the end."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from common.photos import PhotosField
from establishments.models import AdministrativeBody
from support.contact.fields import RegionField
from support.contact.filters import NUMBER
from support.contact.forms import SeveralFiles, text_field
from support.models import CannedAnswer, Priority, Question, Service, Subject, Ticket

State = Ticket.State
THEN = [
    (State.WAITING, "J’attends une précision de la personne"),
    (State.RESOLVED, "La demande est résolue"),
    (State.HANDLED, "Je continue de la suivre"),
]


class AnswerForm(SeveralFiles):
    """Read by who asked; ``suite`` is where the request stands afterwards."""

    message = text_field("Votre réponse", "Lue par la personne, qui en est prévenue par courriel.")
    captures = PhotosField()
    lien = forms.ModelChoiceField(
        label="Joindre une réponse de l’aide",
        queryset=Question.objects.none(),
        required=False,
        empty_label="Aucune",
    )
    suite = forms.ChoiceField(
        label="Ensuite",
        choices=THEN,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites où en est la demande après votre réponse."},
    )
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        near: Sequence[Question] = (),
        canned: CannedAnswer | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        link: Any = self.fields["lien"]
        link.queryset = Question.objects.filter(pk__in=[one.pk for one in near])
        link.choices = [("", "Aucune"), *((one.pk, one.question) for one in near)]
        self.initial |= {"jeton": uuid.uuid4(), "message": canned.text if canned else ""}


class OwnIds(forms.Form):
    """One of the forms of a page: the names of its fields may be those of another's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}_%s", **kwargs)


class NoteForm(OwnIds):
    note = text_field("Note interne", "Lue par ceux qui répondent, jamais par la personne.", rows=3)
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["jeton"] = uuid.uuid4()


class PriorityForm(OwnIds):
    priorite = forms.TypedChoiceField(label="Priorité", choices=Priority.choices, coerce=int)


class TransferForm(OwnIds):
    service = forms.ChoiceField(label="À qui", choices=Service.choices)
    region = RegionField(label="Région, pour une ARS", empty_label="À choisir")
    raison = forms.CharField(
        label="Pourquoi",
        help_text="Lu par le service suivant, pas par la personne.",
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Dites pourquoi\u00a0: le service suivant le lira."},
    )


class MergeForm(OwnIds):
    numero = forms.CharField(
        label="Numéro de la demande à garder",
        help_text=(
            "Une autre demande de la même personne, par exemple AS-2026-000123. Un courriel lui "
            "dit quel numéro garder."
        ),
        max_length=20,
        error_messages={"required": "Donnez le numéro de la demande à garder."},
    )

    def clean_numero(self) -> int:
        found = NUMBER.fullmatch(self.cleaned_data["numero"].replace(" ", ""))
        if not found:
            raise forms.ValidationError("Un numéro s’écrit AS-2026-000123.")
        return int(found[1])


class CloseForm(OwnIds):
    raison = forms.CharField(
        label="Pourquoi",
        help_text="Lu par la personne, qui en est prévenue par courriel.",
        max_length=300,
        error_messages={"required": "Dites pourquoi la demande est close."},
    )


class CannedForm(forms.ModelForm):  # type: ignore[type-arg]
    """An answer written once; what is wrong is said by the service too."""

    class Meta:
        model = CannedAnswer
        fields = ["title", "subject", "text", "is_open"]
        labels = {"is_open": "Proposée à ceux qui répondent"}
        widgets = {"text": forms.Textarea({"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject: Any = self.fields["subject"]
        subject.empty_label = "Tous les sujets"


class SubjectForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Subject
        fields = [
            "label", "help_text", "service", "priority", "delay_days", "is_for_visitors", "is_open"
        ]  # fmt: skip
        labels = {
            "is_for_visitors": "Proposé aussi sans connexion",
            "is_open": "Proposé dans la liste",
        }


class MailboxForm(forms.Form):
    boite = forms.EmailField(
        label="Boîte aux lettres",
        required=False,
        error_messages={
            "invalid": "Cette adresse n’est pas complète. Exemple\u00a0: contact@ars.example."
        },
    )
    vue = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)

    def show_again(self, body: AdministrativeBody) -> None:
        """Carry what is true now: pressed again, the form is taken."""
        body.refresh_from_db(fields=["mailbox"])
        self.data = self.data.copy()
        self.data["vue"] = body.mailbox
