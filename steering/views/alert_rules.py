"""The rules of alerts: read by who reads alerts, written by the national cell."""

from typing import Any

from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from common.decisions import DecisionView, Preview, undone
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from steering.alerts.filters import ORDER
from steering.alerts.forms import NothingForm, RuleForm, initial_of
from steering.alerts.measures import measure_of
from steering.alerts.past import changes_of
from steering.alerts.previews import how_long, preview_of, who
from steering.alerts.reach import NATIONAL_ONLY, is_national, readable
from steering.alerts.subjects import subject_names, subject_of
from steering.alerts.tables import alerts_table, rules_table
from steering.alerts.words import rule_text
from steering.models import Alert, AlertRule
from steering.models.alert import READ
from steering.services import alert_rules as services
from steering.services.alert_errors import AlertChangedError, AlertError

TITLE = "Règles d’alerte"
MOST_ALERTS = 20
reads = allows(*READ)
writes = method_decorator([as_shown, allows(Action.ALERT_RULE)], name="dispatch")


def known_rules(request: HttpRequest) -> Any:
    """All of them for the country; elsewhere, those about what one's dashboards show."""
    rows = AlertRule.objects.select_related("region", "department", "created_by")
    if is_national(request.user):
        return rows
    return rows.exclude(measure__in=NATIONAL_ONLY)


@reads
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Those that apply first, by name."""
    under_way = Count("alerts", filter=Q(alerts__state__in=Alert.UNDER_WAY))
    rows = known_rules(request).annotate(under_way=under_way)
    table = rules_table(subject_names())
    context = {
        "title": TITLE,
        "above": [alerts_link()],
        "table": table,
        "lines": [table.cells(one) for one in rows.order_by("-is_active", "label", "pk")],
        "may_write": request.user.may(Action.ALERT_RULE),
    }
    return render(request, "steering/alerts/rules.html", context)


def alerts_link() -> tuple[str, str]:
    return "Alertes", reverse("steering:alerts")


@reads
@require_safe
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    one: AlertRule = get_object_or_404(known_rules(request), pk=pk)
    table = alerts_table()
    own = readable(request.user).filter(rule=one, state__in=Alert.UNDER_WAY)
    context = {
        "title": one.label,
        "above": [alerts_link(), (TITLE, reverse("steering:alert_rules"))],
        "rule": one,
        "sentence": rule_text(one, subject_of(one, subject_names())),
        "measure": measure_of(one.measure),
        "how_long": how_long(one),
        "who": who(one),
        "table": table,
        "lines": [table.cells(alert) for alert in own.order_by(*ORDER)[:MOST_ALERTS]],
        "changes": changes_of(one),
        "may_write": request.user.may(Action.ALERT_RULE),
    }
    return render(request, "steering/alerts/rule.html", context)


class RuleDecision(DecisionView):
    template_name = "steering/alerts/decision.html"
    refusals = (AlertError,)
    changes = (AlertChangedError,)

    def above(self) -> list[tuple[str, str]]:
        return [alerts_link(), (TITLE, reverse("steering:alert_rules"))]

    def back(self) -> str:
        return reverse("steering:alert_rules")


@writes
class NewRuleView(RuleDecision):
    form_class = RuleForm
    title, action = "Nouvelle règle d’alerte", "Appliquer cette règle"
    done = "La règle est appliquée\u00a0: elle est regardée tous les quarts d’heure."

    def take(self, form: Form, seen: str | None = None) -> AlertRule:
        return services.create_rule(by=self.request.user, typed=form.typed())

    def preview(self, form: Form) -> Preview:
        """Really written, looked at, then undone: what the service refuses is refused here."""
        undone(lambda: self.take(form), lambda: None)
        return preview_of(form.typed().rule())


class OneRule(RuleDecision):
    rule: AlertRule

    def find(self, pk: int) -> None:
        rows = AlertRule.objects.select_related("region", "department")
        self.rule = get_object_or_404(rows.filter(self.still()), pk=pk)

    def still(self) -> Q:
        return Q()

    def state(self) -> str:
        return services.state_of(self.rule)

    def situation(self) -> str:
        return f"{self.rule.label}\u00a0: {rule_text(self.rule, self.subject_text)}."

    @property
    def subject_text(self) -> str:
        return subject_of(self.rule, subject_names())

    def back(self) -> str:
        return reverse("steering:alert_rule", args=[self.rule.pk])


@writes
class ChangeRuleView(OneRule):
    form_class = RuleForm
    title, action = "Changer une règle d’alerte", "Appliquer ce changement"
    done = "La règle est changée. Les alertes qui n’en relèvent plus se ferment."

    def form_arguments(self) -> dict[str, Any]:
        return {"rule": self.rule, "initial": initial_of(self.rule)}

    def take(self, form: Form, seen: str | None = None) -> AlertRule:
        return services.change_rule(
            by=self.request.user, rule=self.rule, typed=form.typed(), seen=seen
        )

    def preview(self, form: Form) -> Preview:
        undone(lambda: self.take(form), lambda: None)
        return preview_of(form.typed().rule())


class NothingTyped(OneRule):
    """The preview comes first: there is nothing to type."""

    form_class = NothingForm

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        self.find(**address)
        form = self.form_class()
        return self.show(form, preview=self.preview(form))


@writes
class StopRuleView(NothingTyped):
    title, action = "Arrêter une règle d’alerte", "Arrêter la règle"
    done = "La règle est arrêtée."

    def still(self) -> Q:
        return Q(is_active=True)

    def take(self, form: Form, seen: str | None = None) -> None:
        services.stop_rule(by=self.request.user, rule=self.rule, seen=seen)

    def preview(self, form: Form) -> Preview:
        count = Alert.objects.filter(rule=self.rule, state__in=Alert.UNDER_WAY).count()
        told = (
            f"{count}\u00a0alerte{'s' if count > 1 else ''} en cours se "
            f"fermer{'ont' if count > 1 else 'a'} dans le quart d’heure."
            if count
            else "Elle n’a aucune alerte en cours."
        )
        return Preview(
            "La règle n’ouvrira plus d’alerte",
            [told, "Son passé est gardé. Vous pourrez la reprendre."],
        )


@writes
class ResumeRuleView(NothingTyped):
    title, action = "Reprendre une règle d’alerte", "Reprendre la règle"
    done = "La règle est appliquée de nouveau."

    def still(self) -> Q:
        return Q(is_active=False)

    def take(self, form: Form, seen: str | None = None) -> None:
        services.resume_rule(by=self.request.user, rule=self.rule, seen=seen)

    def preview(self, form: Form) -> Preview:
        return preview_of(self.rule)
