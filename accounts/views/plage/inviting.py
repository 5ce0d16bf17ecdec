"""Invite one person: choose where, then with what."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import InvitationForm, PlaceSearchForm
from accounts.models import Level
from accounts.services.errors import AccountError
from accounts.services.invitations import AlreadyThereError, give_missing, invite
from accounts.services.invitations.places import (
    bodies_to_invite_to,
    entities_to_invite_to,
    offers_to_give,
    sites_to_invite_to,
)
from establishments.access import allows, as_shown
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action

SHOWN = 25
NOT_HERE = (
    "Votre profil ne vous permet d’inviter personne ici : les profils d’établissement sont "
    "ouverts par leur administrateur ou par l’ARS."
)


@allows(Action.ACC_INVITE)
@require_safe
def invitation_new(request):
    """Where: one's own few places at once, or what a search finds."""
    form = PlaceSearchForm(request.GET or None)
    text = form.cleaned_data["recherche"].strip() if form.is_bound and form.is_valid() else ""
    places = places_found(request.user, text)
    context = {
        "title": "Inviter une personne",
        "above": above(),
        "form": form,
        "text": text,
        "places": places[:SHOWN],
        "is_cut": len(places) > SHOWN,
        "bodies": bodies_to_invite_to(request.user, text),
    }
    return render(request, "plage/invitations/where.html", context)


def places_found(user, text):
    """Entities first, then sites; one more than shown tells that there are others."""
    found = []
    for rows in (entities_to_invite_to(user), sites_to_invite_to(user)):
        rows = rows.search(text) if text else rows
        found += rows.select_related("department")[: SHOWN + 1]
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ACC_INVITE)
def invitation_form(request, finess):
    """Invite to an establishment or a legal entity."""
    return inviting(request, place_of(request.user, finess))


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ACC_INVITE)
def invitation_body_form(request, pk):
    """Invite to an administration: a second person confirms."""
    return inviting(request, get_object_or_404(bodies_to_invite_to(request.user), pk=pk))


def place_of(user, finess):
    """The place of this number inside the perimeter; elsewhere none exists."""
    sites = Establishment.objects.for_user(user, to=Action.ACC_INVITE)
    if (
        site := sites.select_related("legal_entity__legal_status", "category")
        .filter(finess=finess)
        .first()
    ):
        return site
    entities = LegalEntity.objects.for_user(user, to=Action.ACC_INVITE)
    if entity := entities.filter(finess=finess).first():
        return entity
    raise Http404


def inviting(request, entity):
    offers = offers_to_give(entity, request.user)
    if not offers:
        raise PermissionDenied(NOT_HERE)
    initial = {"rights": request.GET.getlist("habilitation")}
    form = InvitationForm(request.POST or None, offers=offers, initial=initial)
    context = {
        "title": f"Inviter une personne pour {entity}",
        "above": above(("Inviter une personne", reverse("plage:invitation_new"))),
        "entity": entity,
        "form": form,
        "wider": wider(entity, request.user),
    }
    if request.method != "POST":
        return render(request, "plage/invitations/form.html", context)
    if form.is_valid() and (answer := sent(request, entity, form, context)):
        return answer
    return render(request, "plage/invitations/form.html", context, status=422)


def sent(request, entity, form, context):
    """Send it and go back to the list, or say in the form why not."""
    typed = {name: form.cleaned_data[name] for name in ("first_name", "last_name", "note")}
    try:
        if "give" in request.POST:
            return given(request, entity, form)
        invitation = invite(
            form.cleaned_data["email"], entity, form.prepared, by=request.user, **typed
        )
    except AlreadyThereError as refusal:
        context["already"] = refusal
    except AccountError as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, told(invitation))
        return redirect("plage:invitations")
    return None


def given(request, entity, form):
    """The person already has a profile there: what it lacks is given at once."""
    profile = give_missing(form.cleaned_data["email"], entity, form.prepared, by=request.user)
    messages.success(
        request, f"{profile.user} a maintenant ces habilitations sur {entity}, sans invitation."
    )
    return redirect("plage:invitations")


def told(invitation):
    if invitation.level == Level.NATIONAL:
        return (
            f"L’invitation pour {invitation.email} est prête : elle partira quand une autre "
            "personne de la cellule nationale l’aura confirmée."
        )
    return f"L’invitation part pour {invitation.email}. Le lien est valable 72 heures."


def wider(entity, user):
    """The legal entity of a site that has sisters, when one may invite to it as well."""
    if not isinstance(entity, Establishment):
        return None
    return entities_to_invite_to(user).filter(pk=entity.legal_entity_id).first()


def above(*more):
    return [("Invitations", reverse("plage:invitations")), *more]
