"""What one looks for among the beneficiaries: one form sent by GET, an address to share."""

from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import User
from common.forms import search_field
from establishments.models import Establishment, EstablishmentCategory, LegalEntity, Region
from establishments.perimeter import Action
from orders.models import Beneficiary
from orders.models.beneficiary import BeneficiaryQuerySet

SITE, ENTITY = "ET", "EJ"
SPF, LA_POSTE = "spf", "la-poste"
OUT = "sortis"


class BeneficiaryFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is left aside."""

    recherche = search_field("Nom, commune ou numéro FINESS", longest=80)
    region = forms.ChoiceField(label="Région", required=False)
    categorie = forms.ChoiceField(label="Catégorie", required=False)
    numero = forms.ChoiceField(
        label="Numéro qui commande",
        required=False,
        choices=[("", "Tous"), (SITE, "Établissement (ET)"), (ENTITY, "Entité juridique (EJ)")],
    )
    logisticien = forms.ChoiceField(
        label="Servi par",
        required=False,
        choices=[("", "Tous"), (LA_POSTE, "La Poste"), (SPF, "Santé publique France")],
    )
    liste = forms.ChoiceField(
        label="Sur la liste", required=False, choices=[("", "Oui"), (OUT, "Sortis de la liste")]
    )

    def __init__(self, data: Any, *, user: User) -> None:
        data = data.copy()
        super().__init__(data)
        self.user = user
        if user.perimeter_to(Action.DASH_ORD).is_national:
            regions = Region.objects.values_list("pk", "name")
            self.fields["region"].choices = [("", "Toutes"), *regions]
        else:
            del self.fields["region"]
        used = self.everybody().order_by().values("category").distinct()
        categories = EstablishmentCategory.objects.filter(pk__in=used).values_list("pk", "label")
        self.fields["categorie"].choices = [
            ("", "Toutes"),
            *((code, f"{code} {label}") for code, label in categories),
        ]
        self.is_valid()
        for name in self.errors.keys() & self.fields.keys():
            data[name] = ""

    def everybody(self) -> BeneficiaryQuerySet:
        found: BeneficiaryQuerySet = Beneficiary.objects.for_user(self.user, to=Action.DASH_ORD)
        return found

    def chosen(self, name: str) -> str:
        found: str = self.cleaned_data.get(name) or ""
        return found

    @property
    def is_filtered(self) -> bool:
        return any(map(self.chosen, self.fields))

    @property
    def words(self) -> dict[str, str]:
        """What was chosen, by the label of its field: for the journal."""
        chosen = {str(field.label): self.chosen(name) for name, field in self.fields.items()}
        return {label: value for label, value in chosen.items() if value}

    def rows(self) -> BeneficiaryQuerySet:
        """By department, then by number: the order of the file, and of an index."""
        rows = self.everybody().filter(is_listed=self.chosen("liste") != OUT)
        for name, field in (("region", "region"), ("categorie", "category")):
            if value := self.chosen(name):
                rows = rows.filter(**{field: value})
        if kind := self.chosen("numero"):
            rows = rows.filter(establishment__isnull=kind == ENTITY)
        if served := self.chosen("logisticien"):
            rows = rows.filter(platform__isnull=served == LA_POSTE)
        if text := self.chosen("recherche"):
            rows = rows.filter(named(text))
        return rows.order_by("department_id", "pk")


def named(text: str) -> Q:
    """By the words of the place, or its number."""
    sites = Establishment.objects.search(text).order_by().values("pk")
    entities = LegalEntity.objects.search(text).order_by().values("pk")
    return Q(establishment__in=sites) | Q(legal_entity__in=entities)
