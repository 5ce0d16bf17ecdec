"""The requests that a page lists: one's own, or those of a territory, cut down by filters."""

from typing import Any

from accounts.models import User
from establishments.models import Department
from establishments.perimeter import Action
from establishments.region_filter import region_choices
from orders.models import ReliefRequest
from orders.models.relief import ReliefQuerySet
from orders.relief.forms import ReliefFilter
from orders.relief.rights import seen

State = ReliefRequest.State
EVERY, OPEN = "toutes", "ouvertes"
STATES = [
    (OPEN, "À traiter"),
    (EVERY, "Toutes"),
    *((one.value, one.label.capitalize()) for one in State if one is not State.OPEN),
]


class Asked:
    """What the address asks of the list; who follows a territory starts with what waits."""

    def __init__(self, data: Any, user: User, *, is_own: bool) -> None:
        data = data.copy()
        data.setdefault("etat", EVERY if is_own else OPEN)
        self.form = ReliefFilter(data)
        self.user = user
        fields: Any = self.form.fields
        fields["etat"].choices = STATES
        self._offer_places(fields, "" if is_own else data.get("region", ""), is_own=is_own)
        self.form.is_valid()
        for name in list(self.form.errors):
            data[name] = ""
            del self.form.errors[name]
        self.state = self.form.cleaned_data.get("etat") or (EVERY if is_own else OPEN)

    def _offer_places(self, fields: Any, region: str, *, is_own: bool) -> None:
        """For the country every region, then the departments of the one chosen."""
        held = self.user.perimeter_to(Action.ORD_QUOTA_READ)
        rows = Department.objects.order_by("code")
        if held.is_national:
            fields["region"].choices = region_choices()
            rows = rows.filter(region=region) if region else rows
        else:
            del fields["region"]
            rows = rows.filter(region__in=held.region_codes)
        offered = [] if is_own else [(one.pk, f"{one.pk} {one.name}") for one in rows]
        if len(offered) < 2:
            del fields["departement"]
        else:
            fields["departement"].choices = [("", "Tous"), *offered]

    def rows(self) -> ReliefQuerySet:
        chosen = self.form.cleaned_data
        rows = seen(self.user).for_list().select_related("beneficiary__region")
        if self.state == OPEN:
            rows = rows.to_answer()
        elif self.state != EVERY:
            rows = rows.filter(state=self.state)
        if chosen.get("equipement"):
            rows = rows.filter(item=chosen["equipement"])
        if chosen.get("region"):
            rows = rows.filter(beneficiary__region=chosen["region"])
        if chosen.get("departement"):
            rows = rows.filter(site__department=chosen["departement"])
        if self.state == OPEN:
            return rows.urgent_first()
        return rows.order_by("-asked_at", "-pk")

    def words(self) -> dict[str, str]:
        """For the journal."""
        chosen = self.form.cleaned_data
        return {
            str(field.label): str(chosen[name])
            for name, field in self.form.fields.items()
            if chosen.get(name)
        }
