"""What was declared, as a file: one establishment, its entity, one week or all of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from common.weeks import WeekError, current_week, parse_week
from epi_stocks.transfer import export_inventory
from epi_stocks.views.inventory_context import trail
from establishments.access import allows
from establishments.models import Establishment
from establishments.perimeter import Action

KINDS = ("xlsx", "csv")
EVERY_WEEK = "toutes"


@allows(Action.EPI_READ, Action.EPI_WRITE)
def inventory_files(request: HttpRequest, finess: str) -> HttpResponse:
    """The files that one may take away, each in two formats."""
    site = readable_site(request, finess)
    week = current_week()
    links = [
        ("Cet établissement, cette semaine", file_links(finess, "site", str(week))),
        ("Cet établissement, toutes les semaines", file_links(finess, "site", EVERY_WEEK)),
        ("Toute l’entité juridique, cette semaine", file_links(finess, "entite", str(week))),
        ("Toute l’entité juridique, toutes les semaines", file_links(finess, "entite", EVERY_WEEK)),
    ]
    context = {"site": site, "links": links, "week": week, "above": trail()}
    context["may_import"] = request.user.may(Action.EPI_WRITE)
    return render(request, "epi_stocks/inventory_files.html", context)


def file_links(finess: str, reach: str, weeks: str) -> list[tuple[str, str]]:
    address = reverse("epi_stocks:inventory_file", args=[finess])
    return [(kind.upper(), f"{address}?de={reach}&semaine={weeks}&format={kind}") for kind in KINDS]


@allows(Action.EPI_READ, Action.EPI_WRITE)
def inventory_file(request: HttpRequest, finess: str) -> HttpResponse:
    """Send one of them; what is outside the reading perimeter is never in it."""
    site = readable_site(request, finess)
    kind, asked = request.GET.get("format", "xlsx"), request.GET.get("semaine", EVERY_WEEK)
    reach = request.GET.get("de", "site")
    if kind not in KINDS or reach not in ("site", "entite"):
        raise Http404("Ce fichier n’existe pas.")
    try:
        weeks = None if asked == EVERY_WEEK else [parse_week(asked)]
    except WeekError as error:
        raise Http404(str(error)) from error
    sites = [site.pk]
    if reach == "entite":
        sisters = Establishment.objects.for_user(request.user, to=Action.EPI_READ)
        sites = list(sisters.filter(legal_entity=site.legal_entity_id).values_list("pk", flat=True))
    when = asked if weeks else "toutes-semaines"
    filename = f"stocks-epi-{finess}{'-entite' if reach == 'entite' else ''}-{when}"
    return export_inventory(
        request.user, establishment_ids=sites, weeks=weeks, kind=kind, filename=filename
    )


def readable_site(request: HttpRequest, finess: str) -> Establishment:
    sites = Establishment.objects.for_user(request.user, to=Action.EPI_READ)
    return get_object_or_404(sites.select_related("legal_entity"), finess=finess)
