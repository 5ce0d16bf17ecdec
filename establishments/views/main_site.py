"""The main site of an entity, which the public files do not carry: an APE or the ARS says it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.models import Establishment
from establishments.perimeter import Action
from establishments.services.main_site import (
    MainSiteError,
    may_choose_main_site,
    proposed_main_site,
    set_main_site,
)

BINDS_ALL = (
    "L’établissement principal vaut pour tous les sites de l’entité juridique : "
    "son administrateur, ou l’ARS de sa région, le choisit."
)


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.PROF_DECIDE_ETAB)
def main_site(request, finess):
    """Say what the choice changes, then make this establishment the main one of its entity."""
    places = Establishment.objects.for_user(request.user, to=Action.PROF_DECIDE_ETAB)
    place = get_object_or_404(places.select_related("legal_entity"), finess=finess)
    if not may_choose_main_site(request.user, place.legal_entity):
        raise PermissionDenied(BINDS_ALL)
    if request.method == "POST":
        return choose(request, place)
    context = {
        "place": place,
        "former": proposed_main_site(place.legal_entity),
        "above": [
            ("Établissements", reverse("establishments:search")),
            (place.legal_entity.name, place.legal_entity.get_absolute_url()),
        ],
    }
    return render(request, "establishments/main_site_choice.html", context)


def choose(request, place):
    """Do it, and come back to the entity, which shows it."""
    try:
        set_main_site(place, by=request.user)
    except MainSiteError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, f"{place} est maintenant l’établissement principal de {place.legal_entity}."
        )
    return redirect(place.legal_entity)
