"""The list of beneficiaries, and the regions that the State stock serves."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from common.decisions import Preview, undone
from common.exports import csv_response, spreadsheet_response
from common.forms import day_field
from common.french import alphabetical
from common.numbers import format_integer
from common.paging import KeyedPaginator
from establishments.access import allows, as_shown
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from orders.beneficiaries.filters import BeneficiaryFilter
from orders.beneficiaries.tables import ABOUT, beneficiaries_table
from orders.decisions import DecisionView
from orders.models import Beneficiary, ServedRegion
from orders.services import regions as services
from orders.services.beneficiaries import refresh_beneficiaries

PER_PAGE = 50
FORMATS = ("xlsx", "csv")
TITLE, REGIONS = "Bénéficiaires", "Régions servies"
MOST_ROWS_AT_ONCE = 2_000


@allows(Action.DASH_ORD)
@require_safe
def beneficiaries(request: HttpRequest) -> HttpResponse:
    form, table = BeneficiaryFilter(request.GET, user=request.user), beneficiaries_table()
    rows = form.rows().select_related(*ABOUT)
    page = KeyedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "title": TITLE,
        "form": form,
        "page": page,
        "table": table,
        "lines": [table.cells(one) for one in page],
        "formats": FORMATS,
        "query": kept.urlencode(),
        "may_refresh": request.user.may(Action.QUOTA_WRITE),
    }
    return render(request, "orders/beneficiaries/list.html", context)


@allows(Action.DASH_ORD)
@require_safe
def beneficiaries_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All the pages of the list as it is filtered; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    form, table = BeneficiaryFilter(request.GET, user=request.user), beneficiaries_table()
    found = form.rows().select_related(*ABOUT)
    count = found.count()
    record(
        "orders.beneficiaries_exported",
        by=request.user,
        target=TITLE,
        format=kind,
        rows=count,
        filters=form.words,
    )
    rows = (table.file_row(one) for one in found.iterator(chunk_size=MOST_ROWS_AT_ONCE))
    name = f"beneficiaires-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, rows, filename=name)
    return spreadsheet_response(TITLE, table.headers, rows, filename=name)


@as_shown
@allows(Action.QUOTA_WRITE)
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Bring the list in step with the directory now, without waiting for the night."""
    counts = refresh_beneficiaries(by=request.user)
    told = ", ".join(
        f"{format_integer(counts[name])} {word}{'s' if counts[name] > 1 else ''}"
        for name, word in (("added", "ajouté"), ("changed", "corrigé"), ("removed", "sorti"))
    )
    messages.success(request, f"La liste est à jour\u00a0: {told}.")
    return redirect("orders:beneficiaries")


@allows(Action.DASH_ORD)
@require_safe
def served_regions(request: HttpRequest) -> HttpResponse:
    """Each region with its span of today or to come."""
    today = timezone.localdate()
    spans: dict[str, ServedRegion] = {}
    for one in ServedRegion.objects.exclude(ends_on__lt=today).order_by("-starts_on"):
        spans[one.region_id] = one
    regions = sorted(Region.objects.all(), key=lambda one: (one.is_overseas, alphabetical(one)))
    context = {
        "title": REGIONS,
        "above": [(TITLE, reverse("orders:beneficiaries"))],
        "today": today,
        "rows": [(one, spans.get(one.pk)) for one in regions],
        "may_change": request.user.may(Action.QUOTA_WRITE),
    }
    return render(request, "orders/beneficiaries/regions.html", context)


class RegionForm(forms.Form):
    day = day_field("À partir du")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate()


@method_decorator([as_shown, allows(Action.QUOTA_WRITE)], name="dispatch")
class RegionView(DecisionView):
    """Serve a region, or serve it no more, from a day on."""

    form_class = RegionForm
    region: Region
    is_served = False

    def find(self, code: str) -> None:
        self.region = get_object_or_404(Region, pk=code)
        self.is_served = services.span_on(self.region, timezone.localdate()) is not None
        self.title = f"Ne plus servir {self.region}" if self.is_served else f"Servir {self.region}"
        self.action = "Ne plus servir" if self.is_served else "Servir la région"
        self.done = f"C’est enregistré pour {self.region}. La liste suit, ce jour-là."

    def state(self) -> str:
        """What the person looked at: the button must still mean the same."""
        return str(self.is_served)

    def above(self) -> list[tuple[str, str]]:
        return [(TITLE, reverse("orders:beneficiaries")), (REGIONS, self.back())]

    def back(self) -> str:
        return reverse("orders:served_regions")

    def take(self, form: forms.Form, seen: str | None = None) -> None:
        day: date = form.cleaned_data["day"]
        if seen == "True":
            services.stop_region(by=self.request.user, region=self.region, stops_on=day)
        else:
            services.serve_region(by=self.request.user, region=self.region, starts_on=day)

    def preview(self, form: forms.Form) -> Preview:
        """What the service refuses is refused here."""
        undone(lambda: self.take(form, seen=self.state()), lambda: None)
        day: date = form.cleaned_data["day"]
        listed = Beneficiary.objects.filter(is_listed=True, region=self.region).count()
        if self.is_served:
            told = (
                "Bénéficiaires qui sortiront de la liste ce jour-là\u00a0: "
                f"{format_integer(listed)}. Leurs commandes déjà transmises sont servies."
            )
            return Preview(f"{self.region} ne sera plus servie à partir du {day:%d/%m/%Y}", [told])
        told = (
            "Ses établissements des catégories bénéficiaires entreront dans la liste. Ils n’ont de "
            "contingent qu’au prochain contingentement publié."
        )
        return Preview(f"{self.region} sera servie à partir du {day:%d/%m/%Y}", [told])
