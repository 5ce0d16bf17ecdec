"""The filters of the region's view: one form sent by GET, so that an address can be shared."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import User
from common.cover import Level
from medications.models import MonitoredList
from pui.region.catalogue import GRAIN_LABELS, Catalogue, Grain, read_catalogue
from pui.region.territory import Territory, choices_for, territory_for

DEFAULT_LIST = MonitoredList.Slug.OTHERS
IN_TENSION = "tension"
LEVEL_CHOICES = [
    ("", "Toutes"),
    (IN_TENSION, "En tension"),
    *((level.value, str(level.label)) for level in Level),
]


class Rows:
    """What a line of the table is, by its word in addresses."""

    SITE, PUI, DEPARTMENT, REGION = "etablissement", "pui", "departement", "region"
    ONE_BY_ONE = (SITE, PUI)  # read from the last lines of pharmacies, not from the summaries


ROW_LABELS = {
    Rows.SITE: "Établissement",
    Rows.PUI: "PUI",
    Rows.DEPARTMENT: "Département",
    Rows.REGION: "Région",
}


class RegionFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is said, and the rest still applies."""

    region = forms.ChoiceField(label="Territoire")
    liste = forms.ChoiceField(label="Liste")
    lignes = forms.ChoiceField(label="Une ligne par")
    produits = forms.ChoiceField(
        label="Produits par", choices=[(one.value, GRAIN_LABELS[one]) for one in Grain]
    )
    dci = forms.ChoiceField(label="DCI")
    departement = forms.ChoiceField(label="Département")
    niveau = forms.ChoiceField(label="Couverture", choices=LEVEL_CHOICES)

    def __init__(self, data: Any, *, user: User):
        super().__init__(data.copy())
        self.territory: Territory = territory_for(user, data.get("region", ""))
        self.lists = list(MonitoredList.objects.all())
        self.monitored_list = self._list_asked()
        self.catalogue: Catalogue = read_catalogue(self.monitored_list.pk, timezone.localdate())
        for field in self.fields.values():
            field.required = False
        self._offer(choices_for(user))
        self._choose_defaults()

    def _list_asked(self) -> MonitoredList:
        known = {one.pk: one for one in self.lists}
        return known.get(self.data.get("liste", ""), known[DEFAULT_LIST])

    def _offer(self, territories: list[tuple[str, str]]) -> None:
        self.fields["region"].choices = territories
        if len(territories) < 2:
            del self.fields["region"]
        self.fields["liste"].choices = [(one.pk, capfirst(str(one))) for one in self.lists]
        self.fields["lignes"].choices = [(one, ROW_LABELS[one]) for one in self._rows_offered()]
        if self.monitored_list.is_devices:
            del self.fields["produits"]  # each is its own group, whatever the grain
            self.data["produits"] = Grain.SUBSTANCE.value
            self.fields["dci"].label = capfirst(self.monitored_list.words.group)
        self.fields["dci"].choices = [
            ("", "Tous" if self.monitored_list.is_devices else "Toutes"),
            *((name, name) for name in self.catalogue.substances),
        ]
        departments = self.territory.departments
        if len(departments) > 1:
            self.fields["departement"].choices = [
                ("", "Toute la région"),
                *((one.code, f"{one.code} {one.name}") for one in departments),
            ]
        else:
            del self.fields["departement"]

    def _rows_offered(self) -> list[str]:
        offered = [*Rows.ONE_BY_ONE] if self.territory.is_detailed else []
        offered.append(Rows.DEPARTMENT)
        return [*offered, Rows.REGION]

    def _choose_defaults(self) -> None:
        is_country = self.territory.is_country
        defaults = {
            "region": self.territory.address_code,
            "liste": self.monitored_list.pk,
            "lignes": Rows.REGION if is_country else Rows.DEPARTMENT,
            "produits": Grain.SUBSTANCE.value,
        }
        for name, value in defaults.items():
            self.data[name] = self.data.get(name) or value

    def full_clean(self) -> None:
        """A field shows what the page holds: the default when its choice is refused."""
        super().full_clean()
        for name in self.errors.keys() & self.fields.keys():
            self.data[name] = ""
        self._choose_defaults()

    def chosen(self, name: str) -> str:
        """What was chosen and is valid; else what the page takes."""
        self.is_valid()
        found: str = self.cleaned_data.get(name) or ""
        return found or (self.data.get(name, "") if name in ("lignes", "produits") else "")
