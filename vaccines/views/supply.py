"""« Approvisionnement vaccin COVID »: to each the page of what they do with the lines."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from vaccines.views import corrections, needs


@allows(Action.VAC_READ)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def supply(request: HttpRequest) -> HttpResponse:
    """Those who follow, those who order: one address. SPF follows; its waves have their own entry.

    A pivot hospital delivers and orders: its pharmacy reads its own lines, which lead to its waves.
    """
    held = request.user.perimeter_to(Action.VAC_READ)
    if held.is_national or held.region_codes or held.operator_ids:
        return corrections.followed(request)
    return needs.own(request)
