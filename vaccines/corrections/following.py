"""The lines of a region or of the country, as those who follow them sort and filter them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.http import QueryDict

from accounts.models import User
from common.forms import search_field
from establishments.models import Department, Region
from establishments.perimeter import Action
from vaccines.corrections.standing import counts_by_state, late_q, with_state
from vaccines.models import LineReport, Reception, SupplyLine, Wave
from vaccines.searching import lines_named
from vaccines.states import State

NAMED: Final = ("wave__vaccine", "recipient__department", "pui__establishment__department", "pivot")
ORDER: Final = ("-wave__delivers_on", "recipient__sort_name", "pk")


class LinesFilter(forms.Form):
    """What is followed: an address that can be sent to a colleague."""

    vague = forms.ModelChoiceField(
        label="Vague", queryset=Wave.objects.all(), required=False, empty_label="Toutes"
    )
    etat = forms.ChoiceField(label="État", required=False)
    region = forms.ModelChoiceField(
        label="Région de la PUI",
        queryset=Region.objects.order_by("name"),
        required=False,
        empty_label="Toutes",
    )
    departement = forms.ModelChoiceField(
        label="Département",
        queryset=Department.objects.none(),
        required=False,
        empty_label="Tous",
    )
    flux = forms.ChoiceField(
        label="Provenance", required=False, choices=[("", "Toutes"), *SupplyLine.Flow.choices]
    )
    recherche = search_field("PUI ou destinataire")
    retard = forms.BooleanField(label="En retard seulement", required=False)

    def __init__(self, query: QueryDict, *, user: User) -> None:
        super().__init__(query)
        states = [("", "Sauf supprimées"), *((one.value, one.label) for one in State)]
        fields: Any = self.fields
        fields["etat"].choices = states
        held = user.perimeter_to(Action.VAC_READ)
        rows = Department.objects.order_by("code")
        if not looks_at_country(user):
            rows = rows.filter(region__in=held.region_codes)
            del fields["region"]
        fields["departement"].queryset = rows

    def chosen(self) -> dict[str, Any]:
        """What was understood; a filter that cannot be read filters nothing, and says so."""
        self.is_valid()
        return getattr(self, "cleaned_data", {})


def looks_at_country(user: User) -> bool:
    held = user.perimeter_to(Action.VAC_READ)
    return held.is_national or bool(held.operator_ids)


@dataclass(frozen=True, slots=True)
class Followed:
    """``total`` counts ``rows``; ``counts`` and ``late`` are of all states, whichever is asked."""

    rows: QuerySet[SupplyLine]
    total: int
    counts: dict[State, int]
    late: int


def followed_lines(user: User, form: LinesFilter, now: datetime) -> Followed:
    chosen = form.chosen()
    rows = SupplyLine.objects.for_user(user, to=Action.VAC_READ)
    reached = with_state(rows.filter(_asked(chosen)), now)
    counts = counts_by_state(reached, now)
    asked, is_late = chosen.get("etat"), bool(chosen.get("retard"))
    states = [State(asked)] if asked else [one for one in State if one is not State.REMOVED]
    shown = reached.filter(state=asked) if asked else reached.filter(removed_at__isnull=True)
    if is_late:
        shown = shown.filter(late_q(now))
    return Followed(
        rows=_told(shown),
        total=sum(counts[one][is_late] for one in states),
        counts={state: count for state, (count, _) in counts.items()},
        late=sum(late for _, late in counts.values()),
    )


def _asked(chosen: dict[str, Any]) -> Q:
    asked = Q()
    if wave := chosen.get("vague"):
        asked &= Q(wave=wave)
    if region := chosen.get("region"):
        asked &= Q(pui__establishment__region=region)
    if department := chosen.get("departement"):
        asked &= Q(recipient__department=department)
    if flow := chosen.get("flux"):
        asked &= Q(flow=flow)
    if text := chosen.get("recherche"):
        asked &= lines_named(text)
    return asked


def _told(rows: QuerySet[SupplyLine]) -> QuerySet[SupplyLine]:
    """With the doses received, which are many rows of a line."""
    receptions = Reception.objects.filter(line=OuterRef("pk")).order_by().values("line")
    received = Subquery(receptions.annotate(sum=Sum("doses")).values("sum"))
    told: QuerySet[SupplyLine] = rows.select_related(*NAMED).annotate(received=received)
    return told.order_by(*ORDER)


def with_reports(rows: QuerySet[SupplyLine]) -> QuerySet[SupplyLine]:
    """``report``: the oldest that waits for an answer, by its number."""
    waiting = LineReport.objects.filter(line=OuterRef("pk"), state=LineReport.State.OPEN)
    found: QuerySet[SupplyLine] = rows.annotate(
        report=Subquery(waiting.order_by("told_at", "pk").values("pk")[:1])
    )
    return found
