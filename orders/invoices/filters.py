"""The invoices that one looks for: by number, buyer, state, dates."""

from typing import Any

from django import forms
from django.db.models import Q

from orders.models import Deposit

DAY = {"type": "date"}
CANCELLED, TO_DEPOSIT = "cancelled", "by_hand"
STATES = (
    ("", "Toutes"),
    ("standing", "En vigueur"),
    (CANCELLED, "Annulées par un avoir"),
    ("credit", "Avoirs"),
    ("chorus", "Sur Chorus Pro, en cours"),
    (TO_DEPOSIT, "À déposer à la main"),
    ("rejected", "Refusées, rejetées ou à recycler"),
)
Q_OF = {
    "standing": Q(kind="invoice", cancelled_by__isnull=True),
    CANCELLED: Q(cancelled_by__isnull=False),
    "credit": Q(kind="credit"),
    "chorus": Q(deposit__isnull=False) & ~Q(deposit__state__in=(*Deposit.ENDED, *Deposit.TO_MEND)),
    TO_DEPOSIT: Q(deposit__state=Deposit.State.BY_HAND, cancelled_by__isnull=True),
    "rejected": Q(deposit__state__in=Deposit.TO_MEND, cancelled_by__isnull=True),
}


class InvoiceFilters(forms.Form):
    """A GET form: its address can be sent to a colleague."""

    cherche = forms.CharField(label="Numéro ou client", required=False, max_length=80)
    etat = forms.ChoiceField(label="État", required=False, choices=STATES)
    du = forms.DateField(label="Émises du", required=False, widget=forms.DateInput(DAY))
    au = forms.DateField(label="Au", required=False, widget=forms.DateInput(DAY))

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def applied(self, rows: Any) -> Any:
        """A wrong value filters nothing: its field says why."""
        self.is_valid()
        typed = self.cleaned_data
        if words := typed.get("cherche", "").strip():
            rows = rows.filter(
                Q(number__icontains=words)
                | Q(billed_to__name__icontains=words)
                | Q(lines__ordered__order__number__iexact=words)
            ).distinct()
        rows = rows.filter(Q_OF.get(typed.get("etat", ""), Q()))
        if day := typed.get("du"):
            rows = rows.filter(issued_on__gte=day)
        if day := typed.get("au"):
            rows = rows.filter(issued_on__lte=day)
        return rows
