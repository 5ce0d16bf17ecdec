"""What a dashboard is about: a region or the country, a week, and what is chosen of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from common.french import of
from common.weeks import current_week, short_label, weeks_back
from epi_stocks.models import EpiItem
from establishments.models import BeneficiaryCategory, EstablishmentCategory, Region
from establishments.perimeter import Action
from orders.dashboard.refresh import KEPT


@dataclass(frozen=True)
class Scope:
    """``region`` is None for the country; ``item`` and ``category`` when all are shown."""

    user: User
    week: date
    region: Region | None = None
    item: EpiItem | None = None
    category: EstablishmentCategory | None = None

    @property
    def is_national(self) -> bool:
        return self.region is None

    @property
    def weeks(self) -> list[date]:
        """Twelve, that of the page the last."""
        return weeks_back(self.week, KEPT)

    @property
    def before(self) -> date:
        return self.weeks[-2]

    @property
    def place_name(self) -> str:
        return str(self.region) if self.region else "France entière"

    @property
    def of_place(self) -> str:
        return of(self.region) if self.region else "de la France entière"


class ScopeForm(forms.Form):
    """One form sent by GET: an address that can be shared. What is not offered is left aside."""

    semaine = forms.ChoiceField(label="Semaine du", required=False)
    region = forms.ModelChoiceField(
        label="Région",
        queryset=Region.objects.order_by("name"),
        required=False,
        empty_label="France entière",
    )
    equipement = forms.ModelChoiceField(
        label="Équipement", queryset=EpiItem.objects.top(), required=False, empty_label="Tous"
    )
    categorie = forms.ModelChoiceField(
        label="Catégorie",
        queryset=EstablishmentCategory.objects.none(),
        required=False,
        empty_label="Toutes",
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.held = user.perimeter_to(Action.DASH_ORD)
        fields: Any = self.fields
        weeks = list(reversed(weeks_back(current_week(), KEPT)))
        fields["semaine"].choices = [(one.isoformat(), short_label(one)) for one in weeks]
        known = BeneficiaryCategory.objects.values("category")
        fields["categorie"].queryset = EstablishmentCategory.objects.filter(pk__in=known)
        if not self.held.is_national:
            del fields["region"]
        self.is_valid()

    def scope(self) -> Scope:
        chosen = self.cleaned_data
        week = chosen.get("semaine")
        region = chosen.get("region")
        if not self.held.is_national:
            region = Region.objects.filter(pk__in=self.held.region_codes).first()
        return Scope(
            user=self.user,
            week=date.fromisoformat(week) if week else current_week(),
            region=region,
            item=chosen.get("equipement"),
            category=chosen.get("categorie"),
        )

    def words(self) -> dict[str, str]:
        """For the journal: what was chosen, by the label of its field."""
        return {
            str(field.label): str(self.cleaned_data[name])
            for name, field in self.fields.items()
            if self.cleaned_data.get(name)
        }
