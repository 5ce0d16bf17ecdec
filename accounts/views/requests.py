"""Asking for a profile: where, which habilitations, a look at it, then who was told."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.deciders import deciders_of, level_of
from accounts.forms import AskForm, RightsForm
from accounts.models import AccessRequest, Level, Profile
from accounts.offers import roles_closed, roles_offered
from accounts.places import places_for
from accounts.services.errors import AccountError
from accounts.services.profiles import field_of
from accounts.services.requests import (
    ask_habilitations,
    ask_profile,
    cancel_request,
    remind,
    transfer,
)
from accounts.views.telling import telling
from accounts.waiting import days_since, explain, own_profiles, request_of
from establishments.access import everyone
from establishments.models import AdministrativeBody, Establishment, LegalEntity

SEND, REVIEW = "envoyer", "relire"


@everyone
@require_safe
def ask(request):
    """Find where: by number, name or town."""
    return render(request, "profiles/ask.html", found_by(request))


@everyone
@require_safe
def ask_results(request):
    """What the search finds, alone, for who types with script."""
    return render(request, "profiles/places.html", found_by(request))


def found_by(request):
    return {
        "places": places_for(request.user, request.GET.get("recherche", "")),
        "former": former_profile(request, request.GET),
    }


@everyone
def ask_place(request, finess):
    """Ask for a profile on an establishment or a legal entity."""
    entity = place_numbered(finess)
    if entity is None:
        raise Http404
    if entity.closed_on:
        messages.error(request, f"{entity} est fermé depuis le {entity.closed_on:%d/%m/%Y}.")
        return redirect("profiles:ask")
    return ask_on(request, entity)


@everyone
def ask_body(request, number):
    """Ask for a profile in an administration: two people of the country decide."""
    return ask_on(request, get_object_or_404(AdministrativeBody, pk=number))


def ask_on(request, entity):
    """The form, then what it says, then the request itself: one address for the three."""
    user = request.user
    living = (
        own_profiles(user).filter(**{field_of(entity): entity}, state__in=Profile.LIVING).first()
    )
    if living:
        return lead_to(request, living)
    former = former_profile(request, request.POST or request.GET)
    initial = {"rights": request.GET.getlist("droit")}
    form = AskForm(request.POST or None, offers=roles_offered(entity), initial=initial)
    step = request.POST.get("step")
    is_sent = step == SEND and form.is_valid()
    if is_sent and (sent := send(form, user, entity, former)):
        return redirect("profiles:request", sent.pk)
    context = {
        "entity": entity,
        "form": form,
        "former": former,
        "closed": roles_closed(entity),
        "is_body": isinstance(entity, AdministrativeBody),
        "back": f"{reverse('profiles:ask')}{replacing(former)}",
    }
    if step == REVIEW and form.is_valid():
        return render(request, "profiles/ask_review.html", context | told(form, entity, user))
    return render(request, "profiles/ask_form.html", context)


@everyone
def ask_more(request, number):
    """Ask for more habilitations on one's own active profile."""
    profile = own_profile(request, number)
    line = explain(profile, request.user)
    if not line.may_ask_more:
        return lead_to(request, profile)
    held = {f"{right.domain}:{right.role}" for right in line.living}
    offers = [offer for offer in roles_offered(profile.entity) if offer.value not in held]
    initial = {"rights": request.GET.getlist("droit")}
    form = RightsForm(request.POST or None, offers=offers, initial=initial)
    step = request.POST.get("step")
    if step == SEND and form.is_valid() and (sent := send_more(form, profile, request.user)):
        return redirect("profiles:request", sent.pk)
    context = {
        "entity": profile.entity,
        "profile": profile,
        "line": line,
        "form": form,
        "closed": roles_closed(profile.entity),
        "back": reverse("profiles:detail", args=[profile.pk]),
    }
    if step == REVIEW and form.is_valid():
        found = told(form, profile.entity, request.user)
        return render(request, "profiles/ask_review.html", context | found)
    return render(request, "profiles/ask_form.html", context)


@everyone
@require_safe
def request_sent(request, number):
    """One's own request: who was told, what happens next, or how it ended."""
    asked = own_request(request, number)
    deciders = deciders_of(asked.profile.entity, Level(asked.level), but=request.user)
    context = {
        "asked": asked,
        "profile": asked.profile,
        "rights": asked.habilitations.all(),
        "deciders": deciders,
        "days": days_since(asked.asked_at),
        "line": explain(own_profile(request, asked.profile_id), request.user),
    }
    return render(request, "profiles/request.html", context)


@everyone
def cancel(request, number):
    """Take back what one asked, once the page has said what that ends."""
    asked = own_request(request, number)
    if request.method != "POST":
        return render(request, "profiles/request_cancel.html", {"asked": asked})
    with telling(request, f"Votre demande sur {asked.profile.entity} est annulée."):
        cancel_request(asked, by=request.user)
    return redirect("profiles:list")


@everyone
@require_POST
def remind_deciders(request, number):
    """Write again to those who can decide."""
    asked = own_request(request, number)
    with telling(request, f"La relance sur {asked.profile.entity} est partie."):
        remind(asked, by=request.user)
    return redirect("profiles:request", asked.pk)


def lead_to(request, profile):
    """To what is already there: the request that waits (a form sent twice), or the profile."""
    if waiting := request_of(profile):
        messages.info(request, f"Votre demande sur {profile.entity} est déjà partie : la voici.")
        return redirect("profiles:request", waiting.pk)
    state = profile.get_state_display()
    messages.info(request, f"Vous avez déjà un profil sur {profile.entity} : il est {state}.")
    return redirect("profiles:detail", profile.pk)


def place_numbered(finess) -> Establishment | LegalEntity | None:
    """The establishment or the legal entity of that number: they share one numbering."""
    sites = Establishment.objects.select_related(
        "legal_entity__legal_status", "category", "department", "region"
    )
    entities = LegalEntity.objects.select_related("legal_status", "department", "region")
    return sites.filter(finess=finess).first() or entities.filter(finess=finess).first()


def own_profile(request, number) -> Profile:
    """One's own profile, whatever its state; that of another does not exist."""
    return get_object_or_404(own_profiles(request.user), pk=number)


def own_request(request, number) -> AccessRequest:
    requests = AccessRequest.objects.select_related(
        "profile__user",
        "profile__establishment__region",
        "profile__legal_entity__region",
        "profile__body__region",
        "replaces__establishment",
        "replaces__legal_entity",
        "replaces__body",
    )
    return get_object_or_404(requests, pk=number, profile__user=request.user)


def former_profile(request, data) -> Profile | None:
    """The profile that the new one is to replace, when one changes employer."""
    number = data.get("remplace", "")
    if not number:
        return None
    if not number.isdecimal():
        raise Http404
    living = own_profiles(request.user).filter(state__in=Profile.LIVING)
    return get_object_or_404(living, pk=number)


def replacing(former) -> str:
    return f"?remplace={former.pk}" if former else ""


def send(form, user, entity, former) -> AccessRequest | None:
    """Send the request, or write on the form why it cannot be."""
    rights, note = form.chosen_rights, form.cleaned_data["note"]
    try:
        if former:
            return transfer(former, entity, rights, by=user, note=note, **form.contact)
        return ask_profile(user, entity, rights, note=note, **form.contact)
    except AccountError as refusal:
        form.add_error(None, str(refusal))
    return None


def send_more(form, profile, user) -> AccessRequest | None:
    try:
        return ask_habilitations(
            profile, form.chosen_rights, by=user, note=form.cleaned_data["note"]
        )
    except AccountError as refusal:
        form.add_error(None, str(refusal))
    return None


def told(form, entity, user) -> dict:
    """Who will be told of what is on the form."""
    level = level_of(entity, [offer.role for offer in form.chosen])
    return {"deciders": deciders_of(entity, level, but=user), "level": level}
