"""A national decision in two steps: the form, then what it changes and for whom."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from common import decisions
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from medications.calendar import calendar_of
from medications.decisions.forms import (
    EndForm,
    FollowForm,
    FrequencyForm,
    PriorityForm,
    RegroupForm,
)
from medications.decisions.previews import (
    Preview,
    preview_end,
    preview_follow,
    preview_frequency,
    preview_priority,
    preview_regroup,
)
from medications.models import MonitoredList, Priority, Product
from medications.reach import Reach
from medications.sentences import rhythm_sentence
from medications.services import settings as services
from medications.services.settings import SettingsError, list_state, product_state
from medications.views.settings import trail

ONE_DAY = timedelta(days=1)


@method_decorator([as_shown, allows(Action.MED_SETTINGS)], name="dispatch")
class DecisionView(decisions.DecisionView):
    """What is common: who decides, on which page, what refuses."""

    template_name = "medications/decision.html"
    refusals = (SettingsError,)
    changes = (services.ChangedMeanwhileError,)
    reach: Reach | None = None

    def above(self) -> list[tuple[str, str]]:
        return trail()

    def dated(self, slug: str, *, tomorrow: bool = False) -> dict[str, Any]:
        """From today at the earliest; the day after the next due day is proposed."""
        today = timezone.localdate()
        proposed = calendar_of(slug).expected(timezone.now()).due_on + ONE_DAY
        return {"earliest": today + ONE_DAY if tomorrow else today, "proposed": proposed}


class ProductDecision(DecisionView):
    """A decision on a product already known."""

    product: Product

    def find(self, code: str) -> None:
        rows = Product.objects.select_related("reference", "substance")
        self.product = get_object_or_404(rows, code=code)

    def subject(self) -> Product:
        return self.product

    def state(self) -> str:
        return product_state(self.product)

    def situation(self) -> str:
        """How it is today: one changes what one has under the eyes."""
        row = services.followed_from(self.product, timezone.localdate())
        if row is None:
            return "Aucune liste ne le suit aujourd’hui."
        until = f" jusqu’au {row.ends_on:%d/%m/%Y}" if row.ends_on else ""
        return (
            f"{row.monitored_list.title}\u00a0: {row.get_priority_display()} à partir du "
            f"{row.starts_on:%d/%m/%Y}{until}."
        )

    def back(self) -> str:
        return reverse("medications:product", args=[self.product.code])

    def form_arguments(self) -> dict[str, Any]:
        row = services.followed_from(self.product, timezone.localdate())
        slug = row.monitored_list_id if row else MonitoredList.Slug.OTHERS.value
        return self.dated(slug)


class EndView(ProductDecision):
    form_class = EndForm
    title, action = "Terminer le suivi", "Terminer le suivi"
    done = "Le suivi est terminé à la date choisie."

    def take(self, form: Form, seen: str | None = None) -> None:
        by, product = self.request.user, self.product
        services.end_follow_up(by=by, product=product, seen=seen, **form.cleaned_data)

    def preview(self, form: Form) -> Preview:
        starts_on: date = form.cleaned_data["starts_on"]
        return preview_end(partial(self.take, form), self.product, starts_on, self.reach)


class PriorityView(ProductDecision):
    form_class = PriorityForm
    title, action = "Changer la priorité", "Changer la priorité"
    done = "La priorité est enregistrée."

    def take(self, form: Form, seen: str | None = None) -> None:
        by, product = self.request.user, self.product
        services.change_priority(by=by, product=product, seen=seen, **form.cleaned_data)

    def preview(self, form: Form) -> Preview:
        label = Priority(form.cleaned_data["priority"]).label
        starts_on: date = form.cleaned_data["starts_on"]
        return preview_priority(
            partial(self.take, form), self.product, label, starts_on, self.reach
        )


class RegroupView(ProductDecision):
    form_class = RegroupForm
    title, action = "Changer l’UCD de référence", "Changer l’UCD de référence"
    done = "L’UCD de référence est enregistrée."

    def situation(self) -> str:
        reference = self.product.reference
        return f"UCD de référence\u00a0: {reference or 'aucune'}."

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"reference": self.product.reference_id}}

    def take(self, form: Form, seen: str | None = None) -> None:
        by, product = self.request.user, self.product
        services.regroup_product(by=by, product=product, seen=seen, **form.cleaned_data)

    def preview(self, form: Form) -> Preview:
        return preview_regroup(partial(self.take, form), self.product, self.reach)


class FollowView(ProductDecision):
    """A product that a list begins to follow."""

    form_class = FollowForm
    title, action = "Suivre un produit", "Suivre ce produit"
    done = "Le produit est suivi à partir de la date choisie."
    monitored_list: MonitoredList

    def find(self, slug: str, code: str) -> None:
        self.monitored_list = get_object_or_404(MonitoredList, slug=slug)
        super().find(code=code)

    def subject(self) -> str:
        return f"{self.product.label} ({self.monitored_list.title})"

    def form_arguments(self) -> dict[str, Any]:
        return self.dated(self.monitored_list.pk)

    def take(self, form: Form, seen: str | None = None) -> None:
        services.follow_product(
            by=self.request.user,
            product=self.product,
            monitored_list=self.monitored_list,
            seen=seen,
            **form.cleaned_data,
        )

    def preview(self, form: Form) -> Preview:
        starts_on: date = form.cleaned_data["starts_on"]
        return preview_follow(
            partial(self.take, form), self.product, self.monitored_list, starts_on, self.reach
        )


class FrequencyView(DecisionView):
    """How often a list is declared."""

    form_class = FrequencyForm
    title, action = "Changer la fréquence", "Changer la fréquence"
    done = "La fréquence est enregistrée."
    monitored_list: MonitoredList

    def find(self, slug: str) -> None:
        self.monitored_list = get_object_or_404(MonitoredList, slug=slug)

    def subject(self) -> str:
        return self.monitored_list.title

    def situation(self) -> str:
        rule = calendar_of(self.monitored_list).rule_on(timezone.localdate())
        return f"Aujourd’hui\u00a0: {rhythm_sentence(rule)}."

    def state(self) -> str:
        return list_state(self.monitored_list)

    def back(self) -> str:
        return reverse("medications:settings")

    def form_arguments(self) -> dict[str, Any]:
        rule = calendar_of(self.monitored_list).rule_on(timezone.localdate())
        initial = {"weekdays": list(rule.weekdays), "due_time": rule.at}
        return {"initial": initial, **self.dated(self.monitored_list.pk, tomorrow=True)}

    def take(self, form: Form, seen: str | None = None) -> None:
        services.set_frequency(
            by=self.request.user,
            monitored_list=self.monitored_list,
            seen=seen,
            **form.cleaned_data,
        )

    def preview(self, form: Form) -> Preview:
        return preview_frequency(
            partial(self.take, form),
            self.monitored_list,
            form.cleaned_data["starts_on"],
            self.reach,
            timezone.localtime(),
        )
