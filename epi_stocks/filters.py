"""The filters of the real-time view: one form sent by GET, so that an address can be shared."""

from datetime import date

from django import forms
from django.db.models import QuerySet

from common.cover import Level
from common.identifiers import IdentifierError, normalize_finess
from common.weeks import current_week, iso_number
from epi_stocks.dashboard.figures import TENSION
from epi_stocks.dashboard.territory import Territory
from epi_stocks.models import EpiItem, ReportingSummary, SummarisedWeek
from establishments.models import EstablishmentCategory, LegalEntity
from establishments.perimeter import Action

URGENT = "urgence"
DOUBTFUL = "a-verifier"
LEFT_OUT = "non-retenus"
LEVEL_CHOICES = [
    ("", "Tous"),
    (URGENT, "Rupture et critique"),
    *((level.value, str(level.label)) for level in Level),
    (DOUBTFUL, "À vérifier"),
    (LEFT_OUT, "Non retenus"),
]
MOST_WEEKS = 160
DEFAULT_ITEM = "masques-ffp2"


def default_item(items: list[EpiItem]) -> EpiItem | None:
    """The masks that run out first, when nothing is chosen."""
    return next((item for item in items if item.code == DEFAULT_ITEM), items[0] if items else None)


def levels_of(choice: str) -> tuple[Level, ...]:
    """The levels that a choice keeps; none: all of them."""
    if choice == URGENT:
        return TENSION[:2]
    return (Level(choice),) if choice in Level.values else ()


def week_name(week: date) -> str:
    """« N°47 (16/11/2026) »: three years are offered, so the year is said."""
    return f"N°{iso_number(week)} ({week:%d/%m/%Y})"


class DashboardFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is said, and the rest still applies."""

    equipement = forms.ModelChoiceField(
        EpiItem.objects.none(), to_field_name="code", label="Équipement", empty_label=None
    )
    semaine = forms.TypedChoiceField(coerce=date.fromisoformat, label="Semaine")
    departement = forms.ChoiceField(label="Département")
    categorie = forms.ModelChoiceField(
        EstablishmentCategory.objects.none(), label="Catégorie", empty_label="Toutes"
    )
    entite = forms.CharField(
        label="Entité juridique",
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "Numéro FINESS", "autocomplete": "off"}),
    )
    niveau = forms.ChoiceField(choices=LEVEL_CHOICES, label="Niveau de tension")

    def __init__(self, data, *, user, territory: Territory):
        super().__init__(data.copy())
        self.user = user
        self.territory = territory
        for field in self.fields.values():
            field.required = False
        self._offer_weeks_and_items()
        self._offer_places()
        self._choose_defaults()

    def _offer_weeks_and_items(self):
        refreshed = SummarisedWeek.objects.values_list("week", "refreshed_at")
        self.refreshed_at = dict(refreshed[:MOST_WEEKS])
        self.weeks = sorted({current_week(), *self.refreshed_at}, reverse=True)
        self.fields["semaine"].choices = [
            (week.isoformat(), week_name(week)) for week in self.weeks
        ]
        self.items = list(EpiItem.objects.top().on(current_week()))
        field = self.fields["equipement"]
        field.queryset = EpiItem.objects.top().filter(starts_on__isnull=False)
        field.widget.choices = [(item.code, item.label) for item in self.items]

    def _offer_places(self):
        territory = self.territory
        if territory.is_country:
            del self.fields["niveau"]  # it cuts the list of establishments, which is not shown
        if len(territory.departments) > 1:
            every = [("", territory.whole_name)]
            every += [(one.code, f"{one.code} {one.name}") for one in territory.departments]
            self.fields["departement"].choices = every
        else:
            del self.fields["departement"]
        field = self.fields["categorie"]
        field.queryset = EstablishmentCategory.objects.all()
        categories = categories_expected_in(territory, self.user)
        field.widget.choices = [("", "Toutes"), *((one.code, one.label) for one in categories)]

    def _choose_defaults(self):
        """What is not asked for is shown as what it will be: FFP2 masks, this week."""
        item = default_item(self.items)
        defaults = {
            "equipement": item.code if item else "",
            "semaine": current_week().isoformat(),
        }
        for name, value in defaults.items():
            self.data[name] = self.data.get(name) or value

    def full_clean(self):
        """A field shows what the page holds: the default when its choice is refused, whose error
        stays, and a choice that is good without being offered (a category reached by a link).
        """
        super().full_clean()
        for name in ("equipement", "categorie"):
            self._offer_chosen(name)
        for name in self.errors.keys() & self.fields.keys() - {"entite"}:
            self.data[name] = ""
        self._choose_defaults()

    def _offer_chosen(self, name: str):
        chosen, widget = self.cleaned_data.get(name), self.fields[name].widget
        if chosen and chosen.code not in dict(widget.choices):
            widget.choices = [*widget.choices, (chosen.code, chosen.label)]

    def clean_entite(self) -> LegalEntity | None:
        """The entity, when the reader has establishments of it in view."""
        text = self.cleaned_data["entite"]
        if not text:
            return None
        try:
            finess = normalize_finess(text)
        except IdentifierError as error:
            raise forms.ValidationError(str(error)) from error
        within = LegalEntity.objects.for_user(self.user, to=Action.DASH_EPI)
        if not self.territory.is_country:
            sites = self.territory.department_codes
            within = within.filter(establishments__department__in=sites).distinct()
        found = within.filter(finess=finess).first()
        if found is None:
            raise forms.ValidationError(
                "Aucune entité juridique de ce territoire ne porte ce numéro FINESS."
            )
        return found

    def chosen(self, name: str):
        """What was chosen and is valid, or None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None


def categories_expected_in(territory: Territory, user) -> QuerySet[EstablishmentCategory]:
    """The categories that have somebody to declare there this week."""
    rows = ReportingSummary.objects.for_user(user, to=Action.DASH_EPI).filter(week=current_week())
    if not territory.is_country:
        rows = rows.filter(department_code__in=territory.department_codes)
    codes = rows.order_by().values("category_code")
    return EstablishmentCategory.objects.filter(pk__in=codes).order_by("label")
