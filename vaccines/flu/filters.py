"""What those who follow a season choose: one form sent by GET, an address that can be shared."""

from typing import Any

from django import forms

from accounts.models import User
from establishments.models import Department, Region
from establishments.perimeter import Action
from pui.models.register import PuiQuerySet
from vaccines.flu.following import Season, asked_puis, followed_puis, missing_puis

DONE, MISSING = "faite", "absente"
PUI, BY_DEPARTMENT, BY_REGION = "pui", "departement", "region"
FOLLOW_UP, GROUPS = "suivi", "publics"
ROW_LABELS = {PUI: "PUI", BY_DEPARTMENT: "Département", BY_REGION: "Région"}


class FollowFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is left aside."""

    region = forms.ChoiceField(label="Région", required=False)
    departement = forms.ChoiceField(label="Département", required=False)
    demande = forms.ChoiceField(label="Demande", required=False)
    lignes = forms.ChoiceField(label="Une ligne par", required=False)
    vue = forms.ChoiceField(
        label="Montrer",
        required=False,
        choices=[(FOLLOW_UP, "Livraisons et stock"), (GROUPS, "Besoin par public visé")],
    )

    def __init__(self, data: Any, *, user: User, season: Season) -> None:
        data = data.copy()
        super().__init__(data)
        self.user, self.season = user, season
        perimeter = user.perimeter_to(Action.FLU_READ)
        self.is_national = bool(perimeter.is_national)
        missing = "Pas faites, en retard" if season.is_closed else "Pas encore faites"
        self.fields["demande"].choices = [("", "Toutes"), (DONE, "Faites"), (MISSING, missing)]
        self._offer_places(data, perimeter.region_codes)
        self._offer_rows(is_territory=self.is_national or bool(perimeter.region_codes))
        self.is_valid()
        for name in self.errors.keys() & self.fields.keys():
            data[name] = ""

    def _offer_places(self, data: Any, own: frozenset[str]) -> None:
        if self.is_national:
            regions = list(Region.objects.order_by("name").values_list("pk", "name"))
            self.fields["region"].choices = [("", "France entière"), *regions]
            own = frozenset({data.get("region", "")})
        else:
            del self.fields["region"]
        departments = list(Department.objects.filter(region__in=own).order_by("code"))
        if len(departments) < 2:
            del self.fields["departement"]
            return
        offered = [(one.pk, f"{one.pk} {one.name}") for one in departments]
        self.fields["departement"].choices = [("", "Toute la région"), *offered]

    def _offer_rows(self, *, is_territory: bool) -> None:
        if not is_territory:
            del self.fields["lignes"]
            return
        offered = [PUI, BY_DEPARTMENT, *([BY_REGION] if self.is_national else [])]
        self.fields["lignes"].choices = [(one, ROW_LABELS[one]) for one in offered]

    def chosen(self, name: str) -> str:
        found: str = self.cleaned_data.get(name) or ""
        return found

    @property
    def is_filtered(self) -> bool:
        return any(map(self.chosen, self.fields))

    @property
    def rows(self) -> str:
        return self.chosen("lignes") or PUI

    @property
    def is_missing(self) -> bool:
        return self.chosen("demande") == MISSING

    @property
    def shows_groups(self) -> bool:
        return self.chosen("vue") == GROUPS

    def ids(self) -> list[int]:
        """The numbers of the pharmacies, found once, in the order of the table."""
        rows = self.puis().order_by("establishment__department_id", "sort_label", "pk")
        return list(rows.values_list("pk", flat=True))

    def puis(self) -> PuiQuerySet:
        if self.is_missing:
            rows = missing_puis(self.user, self.season)
        else:
            rows = followed_puis(self.user, self.season)
        if self.chosen("demande") == DONE:
            rows = rows.filter(pk__in=asked_puis(self.season))
        if self.chosen("region"):
            rows = rows.filter(establishment__region=self.chosen("region"))
        if self.chosen("departement"):
            rows = rows.filter(establishment__department=self.chosen("departement"))
        return rows
