"""The forms that decide of requests; what they offer is what the person may grant, nothing else."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.utils.html import format_html

from accounts.models import AccessRequest, Domain, Habilitation, Level, Role, User
from accounts.offers import Offer, roles_offered
from accounts.services.profiles import action_to_decide
from establishments.models import AdministrativeBody

ACCEPT, REFUSE = "accepter", "refuser"
DECISIONS = [(ACCEPT, "Accepter"), (REFUSE, "Refuser")]
HINTED = '{}<span class="fr-hint-text">{}</span>'


class AnswerForm(forms.Form):
    """Accept or refuse, nothing chosen beforehand; refusing takes a reason."""

    decision = forms.ChoiceField(
        label="Décision",
        choices=DECISIONS,
        required=False,  # said below, so that the reason is not called optional beside it
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=500,
        help_text="Obligatoire pour refuser ; envoyé à la personne.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("decision") and "decision" not in self.errors:
            self.add_error("decision", "Choisissez : accepter, ou refuser.")
        if cleaned.get("decision") == REFUSE and not cleaned.get("reason"):
            self.add_error("reason", "Indiquez le motif du refus : la personne le recevra.")
        return cleaned

    @property
    def accepts(self) -> bool:
        return self.cleaned_data["decision"] == ACCEPT


class DecisionForm(AnswerForm):
    """One request: the habilitations one by one, with what each allows, and until when."""

    rights = forms.MultipleChoiceField(
        label="Habilitations accordées", required=False, widget=forms.CheckboxSelectMultiple
    )
    ends_on = forms.DateField(
        label="Fin des habilitations accordées (facultatif)",
        required=False,
        help_text="Pour un remplacement ; obligatoire pour une délégation d’administration.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ["rights", "ends_on", "decision", "reason"]

    def __init__(self, *args, request: AccessRequest, user: User, **kwargs):
        asked = [one for one in request.rights if one.state == "pending"]
        kwargs.setdefault("initial", {})["rights"] = [_value(one) for one in asked]
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = list(_choices(request, asked, user))
        self.order_fields(self.field_order)

    def clean(self):
        cleaned = super().clean()
        is_empty = "rights" in cleaned and not cleaned["rights"]
        if cleaned.get("decision") == ACCEPT and is_empty and self.fields["rights"].choices:
            self.add_error("rights", "Cochez au moins une habilitation, ou refusez la demande.")
        return cleaned

    @property
    def answer(self) -> dict[str, Any]:
        """What ``decide`` takes."""
        return {
            "accepted": self.accepts,
            "rights": [right_of(value) for value in self.cleaned_data["rights"]],
            "reason": self.cleaned_data["reason"],
            "ends_on": self.cleaned_data["ends_on"],
        }


class ProposalForm(forms.Form):
    """Somebody who has an account, for a regional or national profile."""

    person = forms.CharField(
        label="Personne",
        max_length=254,
        help_text="Son adresse électronique ou son identifiant : elle a déjà un compte.",
        widget=forms.TextInput(attrs={"autocapitalize": "none"}),
    )
    rights = forms.MultipleChoiceField(
        label="Habilitations proposées", widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label="Message pour la personne qui décidera",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, body: AdministrativeBody, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [
            (offer.value, format_html(HINTED, offer.title, offer.allows))
            for offer in roles_offered(body)
        ]

    def clean_person(self) -> User:
        typed = self.cleaned_data["person"].strip()
        field = "email__iexact" if "@" in typed else "username__iexact"
        found = User.objects.filter(**{field: typed}, is_active=True).first()
        if found is None or not _has_verified_address(found):
            raise forms.ValidationError(
                "Aucun compte à l’adresse vérifiée ne porte ce nom : invitez plutôt la personne."
            )
        return found

    @property
    def ticked(self) -> list[tuple[Domain, Role]]:
        return [right_of(value) for value in self.cleaned_data["rights"]]


def right_of(value: str) -> tuple[Domain, Role]:
    """Read « epi_stock:inventory_operator » back."""
    domain, _, role = value.partition(":")
    return Domain(domain), Role(role)


def _value(right: Habilitation) -> str:
    return f"{right.domain}:{right.role}"


def _choices(
    request: AccessRequest, asked: list[Habilitation], user: User
) -> Iterable[tuple[str, str]]:
    """What was asked first, then what may be granted besides; a national request takes no more."""
    offers = {offer.value: offer for offer in roles_offered(request.profile.entity)}
    for right in asked:
        offer = offers.pop(_value(right), None)
        title = (
            offer.title if offer else f"{right.get_domain_display()} : {right.get_role_display()}"
        )
        allows = offer.allows if offer else "N’existe pas pour cette catégorie d’établissement."
        yield _value(right), format_html(HINTED, title, f"Demandée. {allows}")
    if request.level == Level.NATIONAL:
        return
    held = {_value(one) for one in request.profile.habilitations.in_force()}
    for value, offer in offers.items():
        if value not in held and _may_grant(user, request, offer):
            yield value, format_html(HINTED, offer.title, f"Non demandée. {offer.allows}")


def _may_grant(user: User, request: AccessRequest, offer: Offer) -> bool:
    perimeter = user.perimeter_to(action_to_decide(request.profile, offer.role))
    return request.profile.is_inside(perimeter)


def _has_verified_address(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
