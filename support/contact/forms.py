"""What is typed to ask: by somebody whom the platform knows, or by a visitor."""

import uuid
from typing import Any

from django import forms
from django.utils.html import escape

from accounts.models import User
from common.photos import PhotosField
from support.contact.asked_fields import AskedFields
from support.contact.coming_from import incident_from, page_from
from support.contact.fields import RegionField
from support.contact.places import finess_in, place_numbered
from support.contact.traps import FILLED, check_stamp, stamp
from support.models import Subject
from support.services.tickets import Asked, Asker

LONGEST = 5000
NO_PATIENT = "N’écrivez le nom d’aucun patient ni résident, ni aucun mot de passe."


def text_field(label: str, help_text: str = "", rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": "Expliquez en quelques mots."},
    )


class SeveralFiles(forms.Form):
    """A form whose screenshots are sent once: refused, it asks for them again."""

    @property
    def lost_photo(self) -> bool:
        return bool(self.errors and self.files)


class MessageForm(SeveralFiles):
    """One more message; sent twice, one."""

    message = text_field("Votre message", NO_PATIENT, rows=5)
    captures = PhotosField()
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("jeton", uuid.uuid4())


class AskForm(SeveralFiles):
    """What everybody types, and the fields that the subject adds."""

    objet = forms.CharField(
        label="Votre question, en une phrase",
        max_length=150,
        error_messages={"required": "Dites en une phrase ce que vous cherchez."},
    )
    message = text_field("Expliquez", NO_PATIENT)
    bloquant = forms.BooleanField(label="Cela m’empêche de travailler aujourd’hui", required=False)
    telephone = forms.CharField(
        label="Téléphone pour vous joindre",
        max_length=20,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    captures = PhotosField()
    de = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    incident = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject: Subject, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.extra = AskedFields(subject, user)
        first = list(self.fields.items())
        self.fields = dict([*first[:1], *self.extra.fields.items(), *first[1:]])
        said = filter(None, [subject.help_text, NO_PATIENT])
        self.fields["message"].help_text = escape(" ".join(said))  # a help text is printed as HTML
        self.initial.setdefault("jeton", uuid.uuid4())

    def clean_de(self) -> str:
        return page_from(self.cleaned_data["de"])

    def clean_incident(self) -> str:
        return incident_from(self.cleaned_data["incident"])

    def asked(self) -> Asked:
        typed = self.cleaned_data
        return Asked(
            subject=self.subject,
            text=typed["message"],
            title=typed["objet"],
            phone=typed["telephone"],
            is_blocking=typed["bloquant"],
            page=typed["de"],
            incident=typed["incident"],
            answers=self.extra.answers(typed),
            desk=self.extra.desk(typed),
            screenshots=typed["captures"],
        )


class VisitorForm(AskForm):
    """Without login: who one is, as one tells it. What robots fill is refused with a sentence."""

    nom = forms.CharField(label="Votre nom", max_length=150, required=False)
    courriel = forms.EmailField(
        label="Votre adresse électronique",
        help_text="La réponse y sera annoncée, avec un lien pour la lire.",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Donnez une adresse, pour que l’on puisse vous répondre."},
    )
    etablissement = forms.CharField(
        label="Établissement",
        help_text="Son numéro FINESS si vous le connaissez, sinon son nom et sa ville.",
        max_length=200,
        required=False,
    )
    region = RegionField(label="Région", empty_label="Je ne sais pas")
    identifiant = forms.CharField(
        label="Identifiant ou adresse que vous avez essayé",
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    site = forms.CharField(
        label="Ne rien écrire ici",
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )
    vu = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    WHO = ("courriel", "nom", "telephone", "etablissement", "region", "identifiant")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=None, **kwargs)
        self.initial.setdefault("vu", stamp())

    @property
    def who(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WHO]

    @property
    def what(self) -> list[forms.BoundField]:
        hidden = (*self.WHO, "site")
        return [one for one in self.visible_fields() if one.name not in hidden]

    def clean_site(self) -> str:
        if self.cleaned_data["site"]:
            raise forms.ValidationError(FILLED)
        return ""

    def clean(self) -> dict[str, Any]:
        """Nothing else to correct, and sent at once: refused, it is taken the next time."""
        if not self.errors:
            try:
                check_stamp(self.cleaned_data["vu"])
            except forms.ValidationError:
                self.show_again()
                raise
        return self.cleaned_data

    def show_again(self) -> None:
        """A page that stood open for a day carries the stamp of now."""
        self.data = self.data.copy()
        self.data["vu"] = stamp()

    def asker(self) -> Asker:
        typed = self.cleaned_data
        finess = finess_in(typed["etablissement"])
        place = place_numbered(finess)
        return Asker(
            email=typed["courriel"],
            name=typed["nom"],
            phone=typed["telephone"],
            place=str(place) if place else typed["etablissement"],
            finess=finess if place else "",
            region=place.region if place else typed["region"],
            identifier=typed["identifiant"],
        )


class LinkForm(forms.Form):
    """Who lost the link gives the number and the address; nobody is told whether they match."""

    numero = forms.CharField(
        label="Numéro de la demande",
        help_text="Il commence par AS-, il est dans le courriel que vous avez reçu.",
        max_length=20,
        error_messages={"required": "Donnez le numéro de la demande."},
    )
    courriel = forms.EmailField(
        label="Adresse donnée dans la demande",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Donnez l’adresse électronique de la demande."},
    )
