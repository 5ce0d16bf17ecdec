"""« Approvisionnement vaccin COVID »: to each the page of what they do with the lines."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from vaccines.views import corrections, needs, waves

DELIVERIES = "livraisons"  # what a pivot hospital delivers, beside what its pharmacy receives


@allows(Action.VAC_READ)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def supply(request: HttpRequest) -> HttpResponse:
    """Those who follow, a hospital that delivers, those who order: one address.

    SPF follows the lines here; its waves have their own entry of the menu.
    """
    held = request.user.perimeter_to(Action.VAC_READ)
    if held.is_national or held.region_codes or held.operator_ids:
        return corrections.followed(request)
    if request.GET.get("vue") == DELIVERIES:
        return waves.operated(request)
    return needs.own(request)
