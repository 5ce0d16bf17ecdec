"""Open a profile for somebody who already has an account: who and where, then with what."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.offers import Offer
from accounts.people.forms import FindForm, GivingForm
from accounts.services.errors import AccountError
from accounts.services.invitations.places import (
    entities_to_invite_to,
    offers_to_give,
    sites_to_invite_to,
)
from accounts.services.people import account_named, open_profile
from accounts.services.profiles import Entity
from accounts.views.plage.people import TITLE
from establishments.access import allows, as_shown
from establishments.perimeter import Action

PAGE = "plage/person_open.html"


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.PROF_DECIDE_ETAB)
def person_open(request: HttpRequest) -> HttpResponse:
    """Two steps in one address: the second carries what the first one typed, checked again."""
    user = request.user
    first = FindForm(
        request.POST if request.method == "POST" else None, initial={"finess": _own_number(user)}
    )
    context = {
        "title": "Ouvrir un profil à une personne",
        "above": [(TITLE, reverse("plage:people"))],
        "first": first,
    }
    if request.method != "POST":
        return render(request, PAGE, context)
    if not first.is_valid():
        return render(request, PAGE, context, status=422)
    try:
        entity = _place(user, first.cleaned_data["finess"])
        person = account_named(first.cleaned_data["personne"], by=user)
    except AccountError as refusal:
        first.add_error(None, str(refusal))
        return render(request, PAGE, context, status=422)
    offers = offers_to_give(entity, user)
    _check_openable(person, entity, offers, by=user)
    return _with_what(request, person, entity, offers, context)


def _with_what(
    request: HttpRequest,
    person: User,
    entity: Entity,
    offers: list[Offer],
    context: dict[str, Any],
) -> HttpResponse:
    """The second step: the habilitations, then the profile that they open."""
    is_second = "step" in request.POST
    second = GivingForm(request.POST if is_second else None, offers=offers)
    context |= {"second": second, "person": person, "entity": entity}
    if is_second and second.is_valid():
        try:
            reason = second.cleaned_data["reason"]
            open_profile(person, entity, second.given, by=request.user, reason=reason)
        except AccountError as refusal:
            second.add_error(None, str(refusal))
        else:
            messages.success(request, f"{person} a un profil sur {entity}. Un courriel le lui dit.")
            return redirect("plage:person", public_id=person.public_id)
    return render(request, PAGE, context, status=422 if is_second else 200)


def _check_openable(person: User, entity: Entity, offers: list[Offer], *, by: User) -> None:
    if person == by:
        raise PermissionDenied(
            "Personne n’ouvre de profil pour soi-même : une autre personne le fera."
        )
    if not offers:
        raise PermissionDenied(f"Votre profil ne vous permet d’ouvrir aucun profil sur {entity}.")


class NoPlaceError(AccountError):
    """No such place within reach."""


def _place(user: User, finess: str) -> Entity:
    """The site or the entity of this number where one opens profiles."""
    for rows in (sites_to_invite_to(user), entities_to_invite_to(user)):
        if found := rows.filter(finess=finess).first():
            return found
    raise NoPlaceError("Aucun établissement ouvert de votre périmètre n’a ce numéro FINESS.")


def _own_number(user: User) -> str:
    return getattr(user.active_profile, "finess", "")
