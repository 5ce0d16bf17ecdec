"""Tensions declared, under way, to come and past: the national cell declares them and ends them."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from common.decisions import Preview, undone
from common.numbers import row_number
from epi_stocks.models import EpiItem
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.decisions import DecisionView
from orders.models import Tension
from orders.services import tensions as services
from orders.services.tensions import place_name, span_text
from orders.tension.forms import DeclareForm, EndForm, NothingForm
from orders.tension.previews import preview_declared, preview_end

PER_PAGE = 25
TITLE = "Tensions déclarées"
decides = method_decorator([as_shown, allows(Action.QUOTA_WRITE)], name="dispatch")


@allows(Action.DASH_ORD)
@require_safe
def tensions(request: HttpRequest) -> HttpResponse:
    """Those in force, those to come, then the past ones, the latest first."""
    today = timezone.localdate()
    rows = Tension.objects.select_related("item", "region", "declared_by", "ended_by")
    live = rows.exclude(ends_on__lt=today).order_by("starts_on", "item__rank")
    past = rows.filter(ends_on__lt=today).order_by("-ends_on", "item__rank")
    context = {
        "title": TITLE,
        "above": [watch_link()],
        "under_way": [one for one in live if one.starts_on <= today],
        "to_come": [one for one in live if one.starts_on > today],
        "past": Paginator(past, PER_PAGE).get_page(request.GET.get("page")),
        "may_declare": request.user.may(Action.QUOTA_WRITE),
    }
    return render(request, "orders/tension/tensions.html", context)


def watch_link() -> tuple[str, str]:
    return "Suivi des tensions", reverse("orders:watch")


class TensionDecision(DecisionView):
    """What is common: its place below the list."""

    def above(self) -> list[tuple[str, str]]:
        return [watch_link(), (TITLE, self.back())]

    def back(self) -> str:
        return reverse("orders:tensions")


@decides
class DeclareView(TensionDecision):
    form_class = DeclareForm
    title, action = "Déclarer une tension", "Déclarer la tension"
    done = "La tension est déclarée\u00a0: les bénéficiaires la voient dès son premier jour."

    def form_arguments(self) -> dict[str, Any]:
        asked = self.request.GET.get("equipement", "")
        item = EpiItem.objects.top().filter(pk=row_number(asked[:4])).first()
        return {"initial": {"equipement": item, "starts_on": timezone.localdate()}}

    def take(self, form: Form, seen: str | None = None) -> Tension:
        return services.declare_tension(by=self.request.user, typed=form.typed())

    def preview(self, form: Form) -> Preview:
        """Really declared, looked at, then undone: what the service refuses is refused here."""
        undone(lambda: self.take(form), lambda: None)
        return preview_declared(form.typed())


class OneTension(TensionDecision):
    tension: Tension

    def find(self, pk: int) -> None:
        rows = Tension.objects.select_related("item", "region")
        self.tension = get_object_or_404(rows.filter(self.still()), pk=pk)

    def still(self) -> Q:
        """What is over has nothing left to decide."""
        return ~Q(ends_on__lt=timezone.localdate())

    def state(self) -> str:
        return services.state_of(self.tension)

    def situation(self) -> str:
        one = self.tension
        span = span_text(one.starts_on, one.ends_on)
        return f"{one.item}, {place_name(one.region)}\u00a0: tension {span}."


@decides
class EndView(OneTension):
    form_class = EndForm
    title, action = "Lever une tension", "Fixer ce dernier jour"
    done = "Le dernier jour de la tension est fixé."

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"ends_on": max(timezone.localdate(), self.tension.starts_on)}}

    def take(self, form: Form, seen: str | None = None) -> Tension:
        last: date = form.cleaned_data["ends_on"]
        return services.set_end(by=self.request.user, tension=self.tension, ends_on=last, seen=seen)

    def preview(self, form: Form) -> Preview:
        undone(lambda: self.take(form), lambda: None)
        last = form.cleaned_data["ends_on"]
        return preview_end(self.tension, f"La tension prendra fin le {last:%d/%m/%Y} au soir")


@decides
class CancelView(OneTension):
    """One that has not begun; its preview comes first, there is nothing to type."""

    form_class = NothingForm
    title, action = "Annuler une tension annoncée", "Annuler la tension"
    done = "La tension annoncée est annulée."

    def still(self) -> Q:
        return Q(starts_on__gt=timezone.localdate())

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        self.find(**address)
        form = self.form_class()
        return self.show(form, preview=self.preview(form))

    def take(self, form: Form, seen: str | None = None) -> None:
        services.cancel_tension(by=self.request.user, tension=self.tension, seen=seen)

    def preview(self, form: Form) -> Preview:
        told = "Elle n’aura pas lieu\u00a0; le journal la garde. Les ARS concernées sont prévenues."
        return Preview("La tension annoncée sera annulée", [told])
