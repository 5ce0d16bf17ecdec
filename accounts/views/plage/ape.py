"""« Gestion des APE » of the ARS: who administers each establishment of the region."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.administrators import every_line, places_within
from accounts.tables.administrators import (
    AdministratorFilterForm,
    AdministratorTable,
    PagesOfPlaces,
)
from common.exports import spreadsheet_response
from common.tables import show_page
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record

PER_PAGE = 25
HEADERS = (
    "FINESS", "Nature", "Établissement", "Catégorie", "Commune", "Département",
    "FINESS de l’entité juridique", "Entité juridique", "Situation", "APE",
    "Adresse de l’APE", "Invitation envoyée le", "Adresse invitée",
)  # fmt: skip


@allows(Action.PROF_DECIDE_APE)
@require_safe
def ape_list(request):
    """The places of the region, those without an APE first, a filter on every column."""
    form = form_of(request)
    whole = places_within(form.perimeter)
    table = AdministratorTable(PagesOfPlaces(form.narrow(whole) if form.chosen else whole))
    show_page(request, table, per_page=PER_PAGE)
    context = {
        "title": "Gestion des APE",
        "form": form,
        "table": table,
        "figures": whole.figures,
        "requests": whole.coverage.requests,
        "may_export": request.user.may(Action.ACC_EXPORT),
    }
    return render(request, "plage/ape/list.html", context)


@allows(Action.ACC_EXPORT)
@require_safe
def ape_export(request):
    """The same list with the same filters, as a workbook; that it left is written down."""
    form = form_of(request)
    where = request.user.active_profile.entity  # the ARS finds in its journal who took the list
    filters = {name: value for name, value in request.GET.items() if value}
    record("account.ape_exported", by=request.user, place=where, filters=filters)
    places = form.narrow(places_within(form.perimeter))
    rows = (cells_of(line) for line in every_line(places.keys()))
    return spreadsheet_response("APE", HEADERS, rows, filename="gestion-des-ape")


def form_of(request):
    perimeter = request.user.perimeter_to(Action.PROF_DECIDE_APE)
    return AdministratorFilterForm(request.GET or None, perimeter=perimeter)


def cells_of(line):
    place, invitation = line.place, line.invitation
    people = [right.profile.user for right in line.held]
    return (
        place.finess,
        line.kind,
        place.name,
        place.category.label if line.kind == "ET" else "",
        place.town,
        str(place.department or ""),
        line.entity.finess,
        line.entity.name,
        line.situation.label,
        ", ".join(str(person) for person in people),
        ", ".join(person.email for person in people),
        invitation.sent_at if invitation else None,
        invitation.email if invitation else "",
    )
