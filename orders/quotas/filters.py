"""What those who follow quotas choose: one form sent by GET, an address that can be shared."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q

from accounts.models import User
from common.weeks import current_week, shift, week_label
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.perimeter import Action
from orders.models import Allocation, Quota

EARLIER = 12  # weeks that can be read again
UNUSED, STARTED, EXHAUSTED, NOTHING = "rien", "entame", "epuise", "zero"
USES = {
    UNUSED: Q(used=0, granted__gt=0),
    STARTED: Q(used__gt=0, used__lt=F("granted")),
    EXHAUSTED: Q(granted__gt=0, used=F("granted")),
    NOTHING: Q(granted=0),
}


class QuotaFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is left aside."""

    semaine = forms.ChoiceField(label="Semaine", required=False)
    equipement = forms.ChoiceField(label="Équipement", required=False)
    region = forms.ChoiceField(label="Région", required=False)
    usage = forms.ChoiceField(
        label="Commandé",
        required=False,
        choices=[
            ("", "Tous"),
            (UNUSED, "Rien"),
            (STARTED, "En partie"),
            (EXHAUSTED, "Tout"),
            (NOTHING, "Sans objet\u00a0: 0 autorisé"),
        ],
    )
    recherche = forms.CharField(label="Nom ou FINESS", required=False, max_length=60)

    def __init__(self, data: Any, *, user: User) -> None:
        data = data.copy()
        super().__init__(data)
        self.user = user
        perimeter = user.perimeter_to(Action.ORD_QUOTA_READ)
        self.is_national = perimeter.is_national
        self.is_territory = bool(perimeter.is_national or perimeter.region_codes)
        week = current_week()
        weeks = [*(_coming(week) if self.is_territory else []), *_back(week)]
        self.fields["semaine"].choices = [(one.isoformat(), week_label(one)) for one in weeks]
        items = EpiItem.objects.top().values_list("pk", "plural")
        self.fields["equipement"].choices = [("", "Tous"), *items]
        self._offer_regions()
        self.is_valid()
        for name in self.errors.keys() & self.fields.keys():
            data[name] = ""

    def _offer_regions(self) -> None:
        if not self.is_national:
            del self.fields["region"]
        else:
            regions = Region.objects.order_by("name").values_list("pk", "name")
            self.fields["region"].choices = [("", "France entière"), *regions]
        if not self.is_territory:
            del self.fields["usage"]
            del self.fields["recherche"]

    def chosen(self, name: str) -> str:
        found: str = self.cleaned_data.get(name) or ""
        return found

    @property
    def is_filtered(self) -> bool:
        return any(self.chosen(name) for name in self.fields if name != "semaine")

    @property
    def week(self) -> date:
        chosen = self.chosen("semaine")
        return date.fromisoformat(chosen) if chosen else current_week()

    @property
    def words(self) -> dict[str, str]:
        """What was chosen, by the label of its field."""
        chosen = {str(field.label): self.chosen(name) for name, field in self.fields.items()}
        return {label: value for label, value in chosen.items() if value}

    def rows(self) -> Any:
        """The quotas, by department; those of the country in the order of the index.

        Sorting the 280,000 quotas of a week for one page takes a second.
        """
        rows = Quota.objects.for_user(self.user, to=Action.ORD_QUOTA_READ).filter(week=self.week)
        if self.chosen("equipement"):
            rows = rows.filter(item=self.chosen("equipement"))
        if self.chosen("region"):
            rows = rows.filter(beneficiary__region=self.chosen("region"))
        if self.chosen("usage"):
            rows = rows.filter(USES[self.chosen("usage")])
        if word := self.chosen("recherche").strip():
            rows = rows.filter(named(word))
        if self.is_national and not self.chosen("region"):
            return rows.order_by("beneficiary_id", "item_id")
        return rows.order_by("beneficiary__department", "beneficiary_id", "item_id")


def named(word: str) -> Q:
    """A name holds the word, or the number begins like it."""
    number = "".join(word.split())
    found = Q()
    for place in ("establishment", "legal_entity"):
        found |= Q(**{f"beneficiary__{place}__name__icontains": word})
        found |= Q(**{f"beneficiary__{place}__finess__startswith": number.upper()})
    return found


def _coming(week: date) -> list[date]:
    """Those already published, that their ARS were told of, the last first."""
    rows = Allocation.objects.filter(state=Allocation.State.PUBLISHED, starts_on__gt=week)
    return list(rows.order_by("-starts_on").values_list("starts_on", flat=True).distinct())


def _back(week: date) -> list[date]:
    return [shift(week, -back) for back in range(EARLIER)]
