"""`/epi-stocks/` typed alone leads where the menu does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from epi_stocks.home import first_page
from establishments.access import allows
from establishments.perimeter import Action


@allows(Action.EPI_WRITE, Action.EPI_READ, Action.DASH_EPI)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect(first_page(request.user))
