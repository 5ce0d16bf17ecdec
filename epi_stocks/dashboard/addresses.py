"""The addresses of the real-time view: a page, its filters, and one of them changed."""

from django.http import QueryDict
from django.urls import reverse

from epi_stocks.dashboard.scope import Scope
from epi_stocks.dashboard.territory import WITHOUT_ARS
from epi_stocks.models.summary import NO_TERRITORY

PAGES = ("page", "retards", "tri")


def view_address(query: QueryDict, name: str = "visu", *args: str, **changes: str | None) -> str:
    """The page of ``name`` with the filters of ``query``, ``changes`` applied (None removes).

    Pages and order are those of the lists shown: a change of filter starts again at the first.
    """
    kept = query.copy()
    for key in {*PAGES, *changes}:
        kept.pop(key, None)
    for key, value in changes.items():
        if value is not None:
            kept[key] = value
    address = reverse(f"epi_stocks:{name}", args=args)
    text = kept.urlencode()
    return f"{address}?{text}" if text else address


def place_address(scope: Scope, query: QueryDict, code: str) -> str:
    """Where a territory of the map leads: into the region, or to the department."""
    if scope.is_national:
        region = WITHOUT_ARS if code == NO_TERRITORY else code
        return view_address(query, region=region, departement=None)
    return view_address(query, departement=None if scope.department else code)
