"""The filters of the supply lines: recipient, product, state; and what is left to type, in SQL."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from vaccines.models import SupplyLine
from vaccines.states import State

TO_TYPE = "a-saisir"
STATES = [
    ("", "Toutes les lignes"),
    (TO_TYPE, "À saisir"),
    *((one.value, one.label) for one in State),
]
STANDING = Q(removed_at__isnull=True)
UNDER_WAY = STANDING & Q(received_whole_at__isnull=True)
TOLD = Q(first_doses__isnull=False, second_doses__isnull=False)
PLANNED = Q(planned_doses__isnull=False)


def _due(now: datetime) -> Q:
    return Q(shipped_on__isnull=False) | Q(
        expected_on__isnull=False, expected_on__lte=timezone.localdate(now)
    )


def needs_to_type(now: datetime) -> Q:
    """Open, and a number is blank."""
    is_open = UNDER_WAY & Q(wave__needs_due_at__gt=now, shipped_on__isnull=True)
    return is_open & ~TOLD


def receptions_to_type(now: datetime) -> Q:
    return UNDER_WAY & PLANNED & _due(now)


def in_state(state: str, now: datetime) -> Q:
    """Says in SQL what ``state_of`` says of one line."""
    without_plan = UNDER_WAY & ~PLANNED
    found = {
        TO_TYPE: needs_to_type(now) | receptions_to_type(now),
        State.NEED_AWAITED: without_plan & ~TOLD & Q(wave__needs_due_at__gt=now),
        State.NEED_LATE: without_plan & ~TOLD & Q(wave__needs_due_at__lte=now),
        State.NEED_TOLD: without_plan & TOLD,
        State.PLANNED: UNDER_WAY & PLANNED & ~_due(now),
        State.AWAITED: receptions_to_type(now),
        State.RECEIVED: STANDING & Q(received_whole_at__isnull=False),
        State.REMOVED: ~STANDING,
    }
    return found.get(state, STANDING)


class SupplyFilter(forms.Form):
    """A GET form: the address of a page may be sent to a colleague. Nothing typed refuses."""

    destinataire = forms.ChoiceField(label="Destinataire", required=False)
    produit = forms.ChoiceField(label="Produit", required=False)
    etat = forms.ChoiceField(label="État", choices=STATES, required=False)

    def __init__(self, data: Any, *, lines: QuerySet[SupplyLine]) -> None:
        super().__init__(data)
        recipients = sorted(
            set(lines.order_by().values_list("recipient", "recipient__name")),
            key=lambda pair: pair[1],
        )
        products = sorted(
            set(lines.order_by().values_list("wave__vaccine", "wave__vaccine__label")),
            key=lambda pair: pair[1],
        )
        named = [(str(pk), label) for pk, label in recipients]
        self.fields["destinataire"].choices = [("", f"Tous ({len(named)})"), *named]  # type: ignore[attr-defined]
        kinds = [(str(pk), label) for pk, label in products]
        self.fields["produit"].choices = [("", "Tous"), *kinds]  # type: ignore[attr-defined]

    def condition(self, now: datetime) -> Q:
        """What another address asks is left aside."""
        self.is_valid()
        asked = self.cleaned_data
        found = in_state(asked.get("etat") or "", now)
        if recipient := asked.get("destinataire"):
            found &= Q(recipient=recipient)
        if product := asked.get("produit"):
            found &= Q(wave__vaccine=product)
        return found
