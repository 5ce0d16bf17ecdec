"""What the national cell types of a share-out, of one beneficiary, of one quota."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from math import lcm
from typing import Any

from django import forms

from common.weeks import current_week, shift, week_label
from epi_stocks.models import EpiItem
from establishments.models import Region
from orders.models import Allocation, Beneficiary, Doctrine, Product
from orders.quotas.fields import FactorField, UnitsField
from orders.quotas.stock import state_stock
from orders.services.allocations import Settings, version_of

WEEKS_AHEAD, LONGEST = 9, 53
LARGEST_PACK = 10_000
ONE = Decimal(1)


def weeks_from(first: date, count: int) -> list[tuple[str, str]]:
    mondays = (shift(first, ahead) for ahead in range(count))
    return [(one.isoformat(), week_label(one)) for one in mondays]


class DraftForm(forms.Form):
    """A share-out; every region on one table, multiplied by 1 when left blank."""

    doctrine = forms.ModelChoiceField(label="Doctrine", queryset=Doctrine.objects.none())
    starts_on = forms.TypedChoiceField(
        label="À partir de la semaine", coerce=date.fromisoformat, empty_value=None
    )
    ends_on = forms.TypedChoiceField(
        label="Dernière semaine", coerce=date.fromisoformat, required=False, empty_value=None
    )
    pool = UnitsField(label="Quantité par semaine, en unités")
    pack = UnitsField(
        label="Unités par colis",
        least=1,
        most=LARGEST_PACK,
        help_text="Personne ne reçoit une partie de colis.",
    )
    floor_packs = UnitsField(
        label="Plancher, en colis",
        most=100,
        help_text="Le moins que reçoit un bénéficiaire qui a un besoin.",
    )
    pools_percent = FactorField(
        label="Part des pots communs régionaux, en %", most=100, above_zero=False
    )
    reserve_percent = FactorField(
        label="Réserve pour les exceptionnels, en %", most=100, above_zero=False
    )
    item_factor = FactorField(label="Coefficient de l’équipement")
    note = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, regions: Iterable[Region], doctrines: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.regions = list(regions)
        self.fields["doctrine"].queryset = doctrines
        self._offer_weeks()
        for one in self.regions:
            self.fields[f"region_{one.pk}"] = FactorField(label=one.name, required=False)

    def _offer_weeks(self) -> None:
        known = self.initial.get("starts_on")
        first = current_week()
        coming = weeks_from(first, WEEKS_AHEAD)
        if known and known.isoformat() not in dict(coming):
            coming.insert(0, (known.isoformat(), week_label(known)))
        self.fields["starts_on"].choices = coming
        last = [("", "Jusqu’à nouvel ordre"), *weeks_from(first, LONGEST)]
        self.fields["ends_on"].choices = last

    @property
    def region_fields(self) -> list[forms.BoundField]:
        return [self[f"region_{one.pk}"] for one in self.regions]

    @property
    def shows_regions(self) -> bool:
        """A factor of a region is never hidden."""
        return any(field.errors or field.value() for field in self.region_fields)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        names = ("doctrine", "starts_on", "ends_on", "pool", "pack", "floor_packs",
                 "pools_percent", "reserve_percent", "item_factor")  # fmt: skip
        return [self[name] for name in names]

    def settings(self) -> Settings:
        told = self.cleaned_data
        factors = {one.pk: told.get(f"region_{one.pk}") or ONE for one in self.regions}
        names = ("doctrine", "starts_on", "ends_on", "pool", "pack", "floor_packs",
                 "pools_percent", "reserve_percent", "item_factor", "note")  # fmt: skip
        return Settings(**{name: told[name] for name in names}, regions=factors)


def initial_of(draft: Allocation) -> dict[str, Any]:
    names = ("doctrine", "starts_on", "pool", "pack", "floor_packs", "pools_percent",
             "reserve_percent",
             "item_factor", "note")  # fmt: skip
    factors = {f"region_{one.region_id}": one.factor for one in draft.region_factors.all()}
    ends_on = draft.ends_on.isoformat() if draft.ends_on else ""
    return (
        {name: getattr(draft, name) for name in names}
        | factors
        | {"ends_on": ends_on, "seen": version_of(draft)}
    )


def suggested(item: EpiItem) -> dict[str, Any]:
    """An eighth of what the State holds a week, in whole packs of every product."""
    starts_on = shift(current_week(), 1)
    packs = Product.objects.of_state().filter(item=item).values_list("units_per_pack", flat=True)
    pack = lcm(*packs) if packs else 1
    pool = state_stock(item.pk, starts_on) // WEEKS_OF_STOCK
    return {
        "doctrine": Doctrine.objects.filter(starts_on__lte=starts_on).first(),
        "starts_on": starts_on,
        "pool": pool - pool % pack,
        "pack": pack,
        "floor_packs": 1,
        "pools_percent": Decimal(5),
        "reserve_percent": Decimal(2),
        "item_factor": ONE,
    }


WEEKS_OF_STOCK = 8


class AdjustmentForm(forms.Form):
    """One beneficiary, found by the number under which it orders."""

    finess = forms.CharField(
        label="Numéro FINESS", max_length=14, help_text="Celui sous lequel il commande."
    )
    factor = FactorField(label="Coefficient")
    reason = forms.CharField(
        label="Motif", max_length=250, help_text="Le bénéficiaire et son ARS le lisent."
    )

    def clean_finess(self) -> Beneficiary:
        number = "".join(str(self.cleaned_data["finess"]).split())
        rows = Beneficiary.objects.filter(is_listed=True)
        found: Beneficiary | None = (
            rows.filter(establishment__finess=number).first()
            or rows.filter(legal_entity__finess=number).first()
        )
        if found is None:
            raise forms.ValidationError(
                "Aucun bénéficiaire ne commande sous ce numéro. Un public à plusieurs sites "
                "commande sous celui de son entité juridique."
            )
        return found


class ExtraForm(forms.Form):
    quantity = UnitsField(label="Quantité de plus, en unités", least=1)
    reason = forms.CharField(
        label="Motif",
        max_length=500,
        help_text="Le bénéficiaire et son ARS le lisent.",
        widget=forms.Textarea({"rows": 2}),
    )
