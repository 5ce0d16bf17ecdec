"""The forms of the accounts of a perimeter: filters, reasons, habilitations given and changed."""

from typing import Any, cast

from django import forms
from django.utils.html import format_html

from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.offers import Offer
from accounts.people.reading import ANY_STATE, Search
from accounts.profile_forms import ContactForm
from accounts.scopes import Scope, scope_of
from accounts.services.invitations.places import offers_to_give
from accounts.services.people import Given
from accounts.services.profiles import Span
from common.identifiers import IdentifierError, normalize_finess

STATES = [
    ("", "En cours"),
    *((state.value, state.label.capitalize()) for state in Profile.State),
    (ANY_STATE, "Tous"),
]


class PeopleFilter(forms.Form):
    """A person by name, identifier or address; their entity, what they hold, in which state."""

    recherche = forms.CharField(
        label="Nom, identifiant ou adresse",
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    entite = forms.CharField(
        label="Entité (nom, commune ou FINESS)",
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    domaine = forms.ChoiceField(
        label="Domaine", required=False, choices=[("", "Tous"), *Domain.choices]
    )
    role = forms.ChoiceField(label="Rôle", required=False, choices=[("", "Tous"), *Role.choices])
    etat = forms.ChoiceField(label="État du profil", required=False, choices=STATES)

    @property
    def search(self) -> Search:
        """What is asked; a value that is no choice is left out."""
        self.full_clean()
        asked = getattr(self, "cleaned_data", {})
        return Search(
            text=asked.get("recherche", "").strip(),
            entity=asked.get("entite", "").strip(),
            domain=asked.get("domaine", ""),
            role=asked.get("role", ""),
            state=asked.get("etat", ""),
        )


class ReasonForm(forms.Form):
    """Why: kept in the journal, and told to the person."""

    reason = forms.CharField(
        label="Motif",
        max_length=500,
        help_text="Inscrit au journal et envoyé à la personne.",
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Indiquez le motif : la personne le recevra."},
    )


class FactorForm(ReasonForm):
    """How the identity of who lost a second factor was checked."""

    reason = forms.CharField(
        label="Comment avez-vous vérifié l’identité de la personne ?",
        max_length=500,
        help_text="Par exemple : rappelée au standard de l’établissement. Inscrit au journal.",
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Dites comment vous avez vérifié son identité."},
    )


class SpanForm(ReasonForm):
    """The days of a habilitation, its *statuts* and *champs* where the domain has some."""

    reason = forms.CharField(
        label="Motif",
        max_length=500,
        help_text="Inscrit au journal.",
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Indiquez le motif : il reste au journal."},
    )

    starts_on = forms.DateField(
        label="Premier jour",
        help_text="Vide : dès maintenant.",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label="Dernier jour",
        help_text="Vide : sans fin. Obligatoire pour un administrateur délégué.",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    legal_kinds = forms.MultipleChoiceField(
        label="Statuts",
        required=False,
        help_text="Aucun coché : tous.",
        widget=forms.CheckboxSelectMultiple,
    )
    fields_of_care = forms.MultipleChoiceField(
        label="Champs",
        required=False,
        help_text="Aucun coché : tous.",
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["starts_on", "ends_on", "legal_kinds", "fields_of_care", "reason"]

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("legal_kinds", "fields_of_care"):
            choices = [(one.value, one.label) for one in getattr(scope, name)]
            if choices:
                cast(forms.MultipleChoiceField, self.fields[name]).choices = choices
            else:
                del self.fields[name]

    @property
    def span(self) -> Span:
        asked = self.cleaned_data
        return Span(
            asked["starts_on"],
            asked["ends_on"],
            asked.get("legal_kinds", []),
            asked.get("fields_of_care", []),
        )

    @classmethod
    def of(cls, right: Habilitation, data: Any = None) -> "SpanForm":
        names = ("starts_on", "ends_on", "legal_kinds", "fields_of_care")
        initial = {name: getattr(right, name) for name in names}
        return cls(data, scope=scope_of(right.domain), initial=initial)


class ContactOfForm(ContactForm):
    """The contact details of somebody's profile, and why they change."""

    reason = SpanForm.base_fields["reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ContactForm.base_fields:  # a browser proposes those of who types
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def contact(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ContactForm.base_fields}


class OffersForm(forms.Form):
    """The habilitations of an entity that one may give there, ticked."""

    rights = forms.MultipleChoiceField(
        label="Habilitations",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une habilitation : sans elle, rien ne s’ouvre.",
            "invalid_choice": "Cette habilitation ne peut pas être donnée ici.",
        },
    )
    starts_on = SpanForm.base_fields["starts_on"]
    ends_on = SpanForm.base_fields["ends_on"]
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=500,
        help_text="Inscrit au journal et envoyé à la personne.",
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, offers: list[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {offer.value: offer for offer in offers}
        cast(forms.MultipleChoiceField, self.fields["rights"]).choices = [
            (
                one.value,
                format_html('{}<span class="fr-hint-text">{}</span>', one.title, one.allows),
            )
            for one in offers
        ]

    @property
    def given(self) -> list[Given]:
        span = Span(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])
        offers = [self.offers[value] for value in self.cleaned_data["rights"]]
        return [Given(offer.domain, offer.role, span) for offer in offers]


class FindForm(forms.Form):
    """Who, and where: an account that exists already, an entity of one's perimeter."""

    personne = forms.CharField(
        label="Adresse électronique ou identifiant de la personne",
        help_text="En entier : la personne a déjà un compte.",
        max_length=254,
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    finess = forms.CharField(
        label="Numéro FINESS de l’établissement ou de l’entité juridique",
        help_text="Neuf caractères, par exemple 45 099 011 4.",
        max_length=20,
    )

    def clean_finess(self) -> str:
        try:
            return normalize_finess(self.cleaned_data["finess"])
        except IdentifierError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def offers_for(profile: Profile, by: User) -> list[Offer]:
    """What the profile lacks and ``by`` may give."""
    held = profile.habilitations.filter(state__in=["pending", "active"])
    known = set(held.values_list("domain", "role"))
    offers = offers_to_give(profile.entity, by)
    return [one for one in offers if (one.domain.value, one.role.value) not in known]
