"""The forms of the accounts of a perimeter: filters, reasons, habilitations given and changed."""

from typing import Any, cast

from django import forms

from accounts.forms.fields import DayField, FinessField, ReasonField
from accounts.forms.offers import OffersForm
from accounts.forms.profiles import ContactForm
from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.offers import Offer
from accounts.people.reading import ANY_STATE, Search
from accounts.scopes import Scope, scope_of
from accounts.services.invitations.places import offers_to_give
from accounts.services.people import Given
from accounts.services.profiles import Span
from common.forms import search_field

STATES = [
    ("", "En cours"),
    *((state.value, state.label.capitalize()) for state in Profile.State),
    (ANY_STATE, "Tous"),
]


class PeopleFilter(forms.Form):
    """A person by name, identifier or address; their entity, what they hold, in which state."""

    recherche = search_field("Nom, identifiant ou adresse")
    entite = search_field("Entité (nom, commune ou FINESS)")
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

    reason = ReasonField(
        help_text="Inscrit au journal et envoyé à la personne.",
        missing="Indiquez le motif : la personne le recevra.",
    )


class FactorForm(ReasonForm):
    """How the identity of who lost a second factor was checked."""

    reason = ReasonField(
        label="Comment avez-vous vérifié l’identité de la personne ?",
        help_text="Par exemple : rappelée au standard de l’établissement. Inscrit au journal.",
        missing="Dites comment vous avez vérifié son identité.",
    )


class SpanForm(ReasonForm):
    """The days of a habilitation, its *statuts* and *champs* where the role has some."""

    reason = ReasonField(
        help_text="Inscrit au journal.", missing="Indiquez le motif : il reste au journal."
    )
    starts_on = DayField(label="Premier jour", help_text="Vide : dès maintenant.")
    ends_on = DayField(
        label="Dernier jour",
        help_text="Vide : sans fin. Obligatoire pour un administrateur délégué.",
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
        return cls(data, scope=scope_of(right.domain, right.role), initial=initial)


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


class GivingForm(OffersForm):
    """The habilitations of an entity that one may give there, ticked."""

    starts_on = SpanForm.base_fields["starts_on"]
    ends_on = SpanForm.base_fields["ends_on"]
    reason = ReasonField(help_text="Inscrit au journal et envoyé à la personne.")

    @property
    def given(self) -> list[Given]:
        span = Span(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])
        return [Given(offer.domain, offer.role, span) for offer in self.chosen]


class FindForm(forms.Form):
    """Who, and where: an account that exists already, an entity of one's perimeter."""

    personne = forms.CharField(
        label="Adresse électronique ou identifiant de la personne",
        help_text="En entier : la personne a déjà un compte.",
        max_length=254,
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    finess = FinessField(label="Numéro FINESS de l’établissement ou de l’entité juridique")


def offers_for(profile: Profile, by: User) -> list[Offer]:
    """What the profile lacks and ``by`` may give."""
    held = profile.habilitations.filter(state__in=["pending", "active"])
    known = set(held.values_list("domain", "role"))
    offers = offers_to_give(profile.entity, by)
    return [one for one in offers if (one.domain.value, one.role.value) not in known]
