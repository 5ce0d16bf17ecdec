"""The thresholds of cover of medicines: those in force, those past, and how to change them."""

from functools import partial
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils import timezone

from common.cover import DEFAULT_THRESHOLDS
from medications.decisions.forms import ThresholdsForm
from medications.decisions.previews import Preview, preview_thresholds
from medications.models import CoverRule, MonitoredList
from medications.services import thresholds as services
from medications.thresholds import in_force
from medications.views.decisions import DecisionView

SHOWN = 20


class ThresholdsView(DecisionView):
    form_class = ThresholdsForm
    template_name = "medications/thresholds.html"
    title, action = "Seuils de couverture des médicaments", "Changer les seuils"
    done = "Les seuils sont enregistrés\u00a0: ils valent à partir du jour choisi."

    def state(self) -> str:
        return services.rules_state()

    def back(self) -> str:
        return reverse("medications:settings_thresholds")

    def form_arguments(self) -> dict[str, Any]:
        rules = CoverRule.objects.order_by("starts_on")
        initial = in_force(rules, timezone.localdate())._asdict()
        return {"initial": initial, **self.dated(MonitoredList.Slug.OTHERS, tomorrow=True)}

    def take(self, form: Form, seen: str | None = None) -> None:
        services.set_cover_thresholds(by=self.request.user, seen=seen, **form.cleaned_data)

    def preview(self, form: Form) -> Preview:
        return preview_thresholds(partial(self.take, form), form.cleaned_data, self.reach)

    def context(self) -> dict[str, Any]:
        """Those announced, those in force and past, those of the beginning."""
        today = timezone.localdate()
        rules = list(CoverRule.objects.select_related("by").order_by("-starts_on")[:SHOWN])
        return {
            "first": DEFAULT_THRESHOLDS,
            "announced": [one for one in rules if one.starts_on > today],
            "begun": [one for one in rules if one.starts_on <= today],
        }
