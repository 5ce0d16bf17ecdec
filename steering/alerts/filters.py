"""Which alerts a list shows: an address that can be sent to a colleague."""

from typing import Any, Final

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict

from accounts.models import User
from common.cover import Level
from establishments.models import Department, Region
from steering.alerts.reach import is_national, readable, waiting_for
from steering.models import Alert, AlertDomain, AlertScale, Urgency
from steering.models.alert import READ

CURRENT: Final = "en-cours"
WAITING: Final = "a-vous"
STATES: Final = {
    CURRENT: ("En cours", Alert.UNDER_WAY),
    "a-acquitter": ("À acquitter", (Alert.State.OPEN,)),
    WAITING: ("À acquitter par vous", (Alert.State.OPEN,)),
    "acquittees": ("Acquittées", (Alert.State.ACKNOWLEDGED,)),
    "closes": ("Closes", (Alert.State.CLOSED,)),
    "observation": ("En observation", (Alert.State.WATCHED,)),
    "toutes": ("Toutes", (*Alert.UNDER_WAY, Alert.State.CLOSED)),
}
LEVELS: Final = (Level.SHORTAGE, Level.CRITICAL, Level.TENSE)
MOST_SUBJECTS: Final = 200
COUNTRY: Final = "pays"


def ranked(column: str, values: Any, last: int = 9) -> Case:
    whens = [When(Q(**{column: one}), then=Value(rank)) for rank, one in enumerate(values)]
    return Case(*whens, default=Value(last), output_field=IntegerField())


ORDER: Final = (
    ranked("state", (Alert.State.OPEN, Alert.State.ACKNOWLEDGED, Alert.State.WATCHED)),
    ranked("rule__urgency", Urgency.values),
    ranked("level", [one.value for one in LEVELS]),
    "-opened_at",
    "-pk",
)


class AlertFilter(forms.Form):
    """Blank keeps what is under way; a value that is not offered is left aside."""

    etat = forms.ChoiceField(
        label="État", required=False, choices=[(key, label) for key, (label, _) in STATES.items()]
    )
    domaine = forms.ChoiceField(label="Domaine", required=False)
    produit = forms.ChoiceField(label="Produit", required=False)
    territoire = forms.ChoiceField(label="Territoire", required=False)
    classe = forms.ChoiceField(
        label="Classe",
        required=False,
        choices=[("", "Toutes"), *((one.value, str(one.label)) for one in LEVELS)],
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        data = data.copy()
        super().__init__(data)
        self.user = user
        fields: Any = self.fields
        read = [one for one in AlertDomain if user.may(one.action)]
        fields["domaine"].choices = [
            ("", "Tous"),
            *((one.value, str(one.label)) for one in read),
        ]
        if len(read) < 2:
            del fields["domaine"]
        fields["produit"].choices = [("", "Tous"), *((one, one) for one in self._subjects())]
        fields["territoire"].choices = [("", "Tous"), *territories(user)]
        self.is_valid()
        for name in self.errors.keys() & self.fields.keys():
            data[name] = ""
        data["etat"] = self.chosen("etat") or CURRENT

    def _subjects(self) -> list[str]:
        rows = readable(self.user).exclude(subject="").order_by("subject_label")
        return list(rows.values_list("subject_label", flat=True).distinct()[:MOST_SUBJECTS])

    def chosen(self, name: str) -> str:
        found: str = self.cleaned_data.get(name) or ""
        return found

    @property
    def is_filtered(self) -> bool:
        return any(self.chosen(name) for name in self.fields if name != "etat")

    @property
    def state(self) -> str:
        return self.chosen("etat") or CURRENT

    @property
    def words(self) -> dict[str, str]:
        """What was chosen, by the label of its field: for the journal."""
        chosen = {str(field.label): self.chosen(name) for name, field in self.fields.items()}
        return {label: value for label, value in chosen.items() if value}

    def rows(self) -> QuerySet[Alert]:
        """What waits first, the most urgent first."""
        return self.kept().order_by(*ORDER)

    def kept(self) -> QuerySet[Alert]:
        _, states = STATES[self.state]
        rows = readable(self.user).filter(state__in=states)
        if self.state == WAITING:
            rows = rows.filter(pk__in=waiting_for(self.user).values("pk"))
        if domain := self.chosen("domaine"):
            rows = rows.filter(domain=domain)
        if subject := self.chosen("produit"):
            rows = rows.filter(subject_label=subject)
        if level := self.chosen("classe"):
            rows = rows.filter(level=level)
        return rows.filter(place_q(self.chosen("territoire")))


def place_q(chosen: str) -> Q:
    """The country, a region as its agency reads it (what spreads over the country reaches it too),
    a department."""
    if chosen in ("", COUNTRY):
        return Q(scale=AlertScale.COUNTRY) if chosen else Q()
    kind, _, code = chosen.partition(":")
    if code:
        return Q(department_code=code)
    return Q(region_code=kind) | Q(scale=AlertScale.COUNTRY, is_spread=True)


def territories(user: User) -> list[tuple[str, str]]:
    """The regions of the country; the departments of one's region."""
    if is_national(user):
        regions = Region.objects.values_list("pk", "name")
        return [(COUNTRY, "France entière"), *regions]
    held = [user.perimeter_to(action) for action in READ]
    inside = Q(region__in=set().union(*(one.region_codes for one in held)))
    inside |= Q(pk__in=set().union(*(one.department_codes for one in held)))
    rows = Department.objects.filter(inside).values_list("pk", "name")
    return [(f"departement:{pk}", f"{pk} {name}") for pk, name in rows]
