"""What is typed of a message, of a withdrawal, and the filters of its lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import QueryDict

from common.forms import search_field
from common.markup import LONGEST
from establishments.models import (
    AdministrativeBody,
    Department,
    Establishment,
    EstablishmentCategory,
    Region,
)
from steering.messages.files import ACCEPTED, Checked, FileError, check_file
from steering.messages.roles import OF_NATION, OF_REGIONS, OF_SITES, choices_of
from steering.models import Message
from steering.services.message_rules import LONGEST_REASON, Content

ISO = "%Y-%m-%d"
COUNTRY, REGIONS, DEPARTMENTS = "france", "regions", "departements"
MOST_SENT = 20  # files received in one go
LONGEST_TITLE = Message._meta.get_field("title").max_length


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files checked one by one; ``cleaned_data`` holds those that may be kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=SeveralFiles({"multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Checked]:
        sent = [one for one in (data if isinstance(data, list) else [data]) if one]
        if len(sent) > MOST_SENT:
            raise ValidationError(f"Choisissez {MOST_SENT} fichiers au plus.")
        checked, refused = [], []
        for one in sent:
            try:
                checked.append(check_file(one))
            except FileError as refusal:
                refused.append(f"«\u00a0{one.name}\u00a0»\u00a0: {refusal}")
        if refused:
            raise ValidationError(refused)
        return checked


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, ISO)
    return forms.DateField(label=label, required=False, help_text=help_text, widget=widget)


def _boxes(label: str, choices: Any = (), help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=choices,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class MessageForm(forms.Form):
    """The note, its recipients, how it is shown; a draft may be left unfinished: the preview says
    what it still lacks.
    """

    reference = forms.CharField(
        label="Référence",
        max_length=60,
        required=False,
        help_text="Proposée à la suite de la dernière\u00a0; changez-la au besoin.",
    )
    nature = forms.ChoiceField(
        label="Nature",
        choices=[(one.value, one.label.capitalize()) for one in Message.Nature],
        required=False,
        widget=forms.RadioSelect,
        help_text="Un message pour action reste à faire jusqu’à ce que chacun le prenne en compte.",
    )
    objet = forms.CharField(label="Objet", max_length=LONGEST_TITLE, required=False)
    texte = forms.CharField(
        label="Texte",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 14}),
        strip=False,
    )
    signature = forms.CharField(label="Signature", max_length=200, required=False)
    appliquer = _day("À appliquer à partir du")
    avant = _day("À faire avant le", "Pour action\u00a0: passé ce jour, il est en retard.")
    fichiers = FilesField(label="Joindre des fichiers", help_text=ACCEPTED)
    roles_etablissements = _boxes("Dans les établissements", choices_of(OF_SITES))
    roles_regions = _boxes("Dans les régions", choices_of(OF_REGIONS))
    roles_pays = _boxes(
        "Dans les services nationaux",
        choices_of(OF_NATION),
        "Ils ne sont d’aucun territoire\u00a0: cochés, ils reçoivent toujours le message.",
    )
    categories = _boxes(
        "Catégories d’établissements",
        help_text="Aucune cochée\u00a0: toutes. Elles ne trient que les établissements.",
    )
    territoire = forms.ChoiceField(label="Territoire", widget=forms.RadioSelect, required=False)
    regions = _boxes("Régions")
    departements = _boxes("Départements")
    affiche = _day(
        "Affiché jusqu’au",
        "Ensuite, le message quitte l’accueil\u00a0; il se retrouve dans la liste.",
    )
    courriel = forms.BooleanField(
        label="Prévenir aussi par courriel",
        required=False,
        help_text="Toujours fait pour un message pour action. Un courriel par personne.",
    )
    urgent = forms.BooleanField(
        label="Bandeau d’urgence",
        required=False,
        help_text="En haut de chaque page, jusqu’à ce que la personne l’ait lu.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, sender: AdministrativeBody, is_correction: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sender, self.is_correction = sender, is_correction
        fields: Any = self.fields
        fields["categories"].choices = _categories()
        if sender.kind == AdministrativeBody.Kind.NATIONAL:
            fields["territoire"].choices = [
                (COUNTRY, "France entière"),
                (REGIONS, "Des régions"),
                (DEPARTMENTS, "Des départements"),
            ]
            fields["regions"].choices = list(Region.objects.values_list("pk", "name"))
            departments = Department.objects.all()
        else:
            fields["territoire"].choices = [
                (REGIONS, f"Toute la région {sender.region}"),
                (DEPARTMENTS, "Des départements"),
            ]
            for name in ("regions", "roles_pays", "urgent"):
                del fields[name]
            departments = Department.objects.filter(region=sender.region_id)
        fields["departements"].choices = [(one.pk, str(one)) for one in departments]
        if is_correction:
            for name in RECIPIENT_FIELDS:
                fields.pop(name, None)

    def content(self) -> Content:
        """What was typed, as the services take it."""
        typed = self.cleaned_data
        roles = [key for name in ROLE_FIELDS for key in typed.get(name, [])]
        place = typed.get("territoire", "")
        own = [self.sender.region_id] if self.sender.region_id else []
        return Content(
            reference=typed["reference"],
            nature=typed["nature"] or Message.Nature.INFORMATION,
            title=typed["objet"],
            body=typed["texte"].strip(),
            signature=typed["signature"],
            apply_on=typed["appliquer"],
            due_on=typed["avant"],
            shown_until=typed["affiche"],
            is_urgent=typed.get("urgent", False),
            by_mail=typed["courriel"],
            roles=roles,
            category_codes=typed.get("categories", []),
            is_countrywide=place == COUNTRY,
            region_codes=typed.get("regions", own) if place == REGIONS else [],
            department_codes=typed.get("departements", []) if place == DEPARTMENTS else [],
        )


ROLE_FIELDS = ("roles_etablissements", "roles_regions", "roles_pays")
RECIPIENT_FIELDS = (*ROLE_FIELDS, "categories", "territoire", "regions", "departements")


def _categories() -> list[tuple[str, str]]:
    """Those of which an establishment is open."""
    sites = Establishment.objects.open().filter(category=OuterRef("pk"))
    rows = EstablishmentCategory.objects.filter(Exists(sites)).order_by("label")
    return [(one.pk, one.label) for one in rows]


def typed_of(message: Message) -> dict[str, Any]:
    """A draft as its form shows it."""
    place = COUNTRY if message.is_countrywide else REGIONS
    if message.department_codes:
        place = DEPARTMENTS
    return {
        "reference": message.reference,
        "nature": message.nature,
        "objet": message.title,
        "texte": message.body,
        "signature": message.signature,
        "appliquer": message.apply_on,
        "avant": message.due_on,
        "affiche": message.shown_until,
        "urgent": message.is_urgent,
        "courriel": message.by_mail,
        **dict.fromkeys(ROLE_FIELDS, message.roles),
        "categories": message.category_codes,
        "territoire": place,
        "regions": message.region_codes,
        "departements": message.department_codes,
        "version": message.version,
    }


class WithdrawForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi le retirer",
        max_length=LONGEST_REASON,
        help_text="Les destinataires liront ce motif à la place du texte.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Dites pourquoi\u00a0: les destinataires liront ce motif."},
    )


SHELVES = [
    ("", "En vigueur"),
    ("non-lus", "Non lus"),
    ("a-faire", "À prendre en compte"),
    ("anciens", "Retirés, rectifiés ou passés"),
    ("tous", "Tous"),
]


class ReceivedFilter(forms.Form):
    """Which messages the list shows. A filter that cannot be read filters nothing."""

    recherche = search_field("Mots ou référence")
    etat = forms.ChoiceField(label="Montrer", required=False, choices=SHELVES)
    nature = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes"), *Message.Nature.choices]
    )
    expediteur = forms.ModelChoiceField(
        label="Expéditeur",
        required=False,
        queryset=AdministrativeBody.objects.none(),
        empty_label="Tous",
    )
    annee = forms.ChoiceField(label="Année", required=False)

    def __init__(self, query: QueryDict, *, senders: Any, years: list[int]) -> None:
        super().__init__(query)
        fields: Any = self.fields
        fields["expediteur"].queryset = senders
        fields["annee"].choices = [("", "Toutes"), *((str(one), str(one)) for one in years)]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return getattr(self, "cleaned_data", {})


class FollowFilter(forms.Form):
    """Which recipients the list of a message shows."""

    etat = forms.ChoiceField(label="Montrer", required=False)
    role = forms.ChoiceField(label="Rôle", required=False)
    lieu = forms.ChoiceField(label="Territoire", required=False)

    def __init__(self, query: QueryDict, *, states: Any, roles: Any, places: Any) -> None:
        super().__init__(query)
        fields: Any = self.fields
        fields["etat"].choices = states
        fields["role"].choices = [("", "Tous"), *roles]
        fields["lieu"].choices = [("", "Tous"), *places]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return getattr(self, "cleaned_data", {})
