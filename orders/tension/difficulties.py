"""Reported difficulties: which ones, and the table of the page and of the file."""

from typing import Any

from django import forms
from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from common.columns import UNDER, Column, Table
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.perimeter import Action
from orders.models import SupplyDifficulty
from orders.models.tension import SupplyDifficultyQuerySet
from orders.services.tensions import COUNTRY

OPEN, CLOSED = "ouvertes", "closes"


class DifficultyFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is left aside."""

    equipement = forms.ChoiceField(label="Équipement", required=False)
    region = forms.ChoiceField(label="Région", required=False)
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Toutes"), (OPEN, "Ouvertes"), (CLOSED, "Closes")],
    )

    def __init__(self, data: Any, *, user: User) -> None:
        data = data.copy()
        super().__init__(data)
        self.user = user
        items = EpiItem.objects.top().values_list("pk", "label")
        self.fields["equipement"].choices = [("", "Tous"), *((str(pk), one) for pk, one in items)]
        if user.perimeter_to(Action.ORD_QUOTA_READ).is_national:
            regions = Region.objects.values_list("pk", "name")
            self.fields["region"].choices = [("", "Toutes"), *regions]
        else:
            del self.fields["region"]
        self.is_valid()
        for name in self.errors.keys() & self.fields.keys():
            data[name] = ""

    def chosen(self, name: str) -> str:
        found: str = self.cleaned_data.get(name) or ""
        return found

    @property
    def is_filtered(self) -> bool:
        return any(map(self.chosen, self.fields))

    @property
    def words(self) -> dict[str, str]:
        """What was chosen, by the label of its field: for the journal."""
        chosen = {str(field.label): self.chosen(name) for name, field in self.fields.items()}
        return {label: value for label, value in chosen.items() if value}

    def rows(self) -> SupplyDifficultyQuerySet:
        """The open ones first, the latest first."""
        rows = SupplyDifficulty.objects.for_user(self.user, to=Action.ORD_QUOTA_READ)
        if item := self.chosen("equipement"):
            rows = rows.filter(item=item)
        if region := self.chosen("region"):
            rows = rows.filter(region=region)
        if state := self.chosen("etat"):
            rows = rows.filter(closed_on__isnull=state == OPEN)
        about = ("item", "region", "closed_by")
        found: SupplyDifficultyQuerySet = rows.select_related(*about)
        return found.order_by(F("closed_on").desc(nulls_first=True), "-reported_on", "-pk")


def difficulties_table(closable: set[int]) -> Table:
    """``closable``: the numbers of those that the reader may close."""
    return Table(
        "difficultes",
        "Difficultés d’approvisionnement",
        [
            Column("Équipement", lambda row: str(row.item)),
            Column("Région", lambda row: str(row.region or COUNTRY)),
            Column("Qui la signale", lambda row: row.source),
            Column("Difficulté", lambda row: row.description, is_wide=True),
            Column("Signalée le", lambda row: row.reported_on, _reported, is_number=True),
            Column("Close le", lambda row: row.closed_on, lambda row: _state(row, closable)),
            Column("Suite donnée", lambda row: row.outcome, lambda row: "", under=True),
        ],
    )


def _reported(row: SupplyDifficulty) -> str:
    return f"{row.reported_on:%d/%m/%Y}"


def _state(row: SupplyDifficulty, closable: set[int]) -> SafeString | str:
    if row.closed_on:
        who = f" par {row.closed_by}" if row.closed_by else ""
        told = f"{row.closed_on:%d/%m/%Y}{who}"
        return format_html("{}" + UNDER, told, row.outcome)
    if row.pk not in closable:
        return "ouverte"
    address = reverse("orders:difficulty_close", args=[row.pk])
    return format_html(
        'ouverte<br><a class="fr-link fr-link--sm" href="{}">Clore'
        '<span class="fr-sr-only">\u00a0: {}, {}</span></a>',
        address,
        row.item,
        row.source,
    )
