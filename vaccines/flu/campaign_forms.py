"""What the national cell types of a flu campaign."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.forms import day_field
from medications.decisions.forms import HourField
from vaccines.models import FluCampaign, TargetGroup
from vaccines.services.flu_campaigns import Season

USUAL_HOUR = time(18)
SEASON = re.compile(r"([0-9]{4})-([0-9]{4})")


class CampaignForm(forms.Form):
    """The days are included; the needs close at an hour."""

    season = forms.CharField(
        label="Saison", max_length=9, help_text="Deux années de suite, par exemple 2026-2027."
    )
    needs_open_on = day_field("Demandes ouvertes à partir du")
    needs_due_on = day_field(
        "Demandes à faire jusqu’au", "Passé ce moment, une PUI ne change plus sa demande."
    )
    needs_due_hour = HourField(
        label="À (heure de Paris)",
        initial=USUAL_HOUR,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    starts_on = day_field("Début de la campagne", "La quantité livrée se saisit à partir de là.")
    ends_on = day_field("Fin de la campagne", "Jour compris.")

    def clean_season(self) -> str:
        season = str(self.cleaned_data["season"]).strip()
        match = SEASON.fullmatch(season)
        if match is None or int(match[2]) != int(match[1]) + 1:
            raise ValidationError("Tapez deux années de suite, par exemple 2026-2027.")
        return season

    def typed(self) -> Season:
        told = self.cleaned_data
        due = datetime.combine(told["needs_due_on"], told["needs_due_hour"])
        return Season(
            told["season"],
            told["starts_on"],
            told["ends_on"],
            told["needs_open_on"],
            timezone.make_aware(due),
        )


def initial_of(campaign: FluCampaign | None) -> dict[str, Any]:
    if campaign is None:
        return {}
    due = timezone.localtime(campaign.needs_due_at)
    names = ("season", "starts_on", "ends_on", "needs_open_on")
    kept = {name: getattr(campaign, name) for name in names}
    return {**kept, "needs_due_on": due.date(), "needs_due_hour": due.time()}


class GroupForm(forms.Form):
    label = forms.CharField(
        label="Public visé",
        max_length=TargetGroup._meta.get_field("label").max_length,
        help_text="Tel que les pharmacies le liront, par exemple «\u00a0Femmes enceintes\u00a0».",
    )


class NothingForm(forms.Form):
    """A decision with nothing to type."""
