"""« Qui peut dépanner ? »: who has more than three weeks, nearest first, and whom to call."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.exports import csv_response, spreadsheet_response
from common.numbers import row_number
from establishments.access import allows
from establishments.perimeter import Action
from establishments.redistribution.held import BAND_KM, KEPT_DAYS, SERVED_DAYS
from establishments.redistribution.rights import places_to
from journal.services import record
from medications.models import ReferenceProduct
from pui.aid.stocks import catalogue_today
from pui.aid.trade import MEDICINES
from pui.models import Pui
from pui.region.catalogue import Catalogue
from pui.region.donor_table import donor_table
from pui.region.donors import (
    Donors,
    find_donors,
    named,
    pharmacies_of,
    search_pharmacies,
)

FORMATS = ("xlsx", "csv")


@allows(Action.DASH_MED)
@require_safe
def donors(request: HttpRequest) -> HttpResponse:
    """A form, then its answer: the pharmacy to help may be left out."""
    now = timezone.now()
    catalogue = catalogue_today(now)
    needing, matches = _needing(request)
    asked = request.GET.get("produit", "")
    name = named(catalogue, asked)
    found = find_donors(request.user, catalogue, name, needing, now) if name else None
    kind = request.GET.get("fichier", "")
    if found and kind in FORMATS:
        return _file(request, found, kind)
    return render(
        request,
        "dispostock/region_donors.html",
        {
            "names": _names(catalogue),
            "asked": asked,
            "name": name,
            "needing": needing,
            "matches": matches,
            "who": request.GET.get("pour", ""),
            "donors": found,
            "to_ask": _to_ask(request, catalogue, name, needing),
            "table": donor_table(found) if found else None,
            "lines": [donor_table(found).cells(one) for one in found.found] if found else [],
            "kept_days": KEPT_DAYS,
            "served_days": SERVED_DAYS,
            "band_km": BAND_KM,
            "query": request.GET.urlencode(),
            "formats": FORMATS,
        },
    )


def _to_ask(
    request: HttpRequest, catalogue: Catalogue, name: str, needing: Pui | None
) -> list[tuple[str, str]]:
    """Each reference product to ask for, with the page that opens the need, already filled."""
    if not (name and needing):
        return []
    if not places_to(MEDICINES, request.user, Action.AID_ASK).filter(pk=needing.pk).exists():
        return []
    items = catalogue.items.values()
    asked = {one.reference for one in items if name in (one.substance, one.reference)}
    page = reverse("aid_medicines:open")
    return [
        (one.label, f"{page}?{urlencode({'produit': one.pk, 'lieu': needing.pk})}")
        for one in ReferenceProduct.objects.filter(label__in=asked)
    ]


def _names(catalogue: Catalogue) -> list[str]:
    """Offered while typing: the DCIs, then the reference products."""
    return [*catalogue.substances, *catalogue.references]


def _needing(request: HttpRequest) -> tuple[Pui | None, list[Pui]]:
    """The pharmacy to help: chosen by its number, or the only one that the words find."""
    now = timezone.now()
    if number := row_number(request.GET.get("pui", "")):
        return get_object_or_404(pharmacies_of(request.user, now), pk=number), []
    text = request.GET.get("pour", "").strip()
    matches = search_pharmacies(request.user, text, now) if text else []
    return (matches[0], []) if len(matches) == 1 else (None, matches)


def _file(request: HttpRequest, found: Donors, kind: str) -> HttpResponse:
    table = donor_table(found)
    record(
        "pui.donors_exported",
        by=request.user,
        target=found.asked,
        format=kind,
        rows=len(found.found),
    )
    values = [table.file_row(one) for one in found.found]
    name = f"depannage-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response(table.title, table.headers, values, filename=name)
