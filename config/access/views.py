"""The page: what one wants to do and where, the verdict, each condition, what works already."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.doctor import Application, Case, Diagnosis, Facts, Person, diagnose, overview
from accounts.doctor.asking import ask_profile_step
from config.access.applications import (
    address_from,
    application_for,
    application_named,
    applications,
    remarks_without_place,
)
from config.access.places import Found, find_place, place_numbered, places_known
from establishments.access import public
from establishments.models import Establishment

log = logging.getLogger("access")


@public
@require_safe
def access(request: HttpRequest) -> HttpResponse:
    """For a visitor, the way in, step by step: nothing is said of who has an account."""
    if not request.user.is_authenticated:
        return render(request, "access/visitor.html")
    if wanted := request.GET.get("depuis"):
        return redirect(address_from(wanted, request.user))
    person = Person(request.user)
    asked, found = question_of(request, person)
    places = places_known(person, found)
    facts = Facts(places)
    context = {
        "above": [("Mes profils", reverse("profiles:list"))],
        "applications": choices(asked),
        "asked": asked,
        "found": found,
        "diagnosis": diagnosis_of(person, asked, found, facts),
        "has_profile": bool(person.living),
        "ask": ask_profile_step(found.place, None),
        "remarks": []
        if found.text or found.place
        else remarks_without_place(asked.key if asked else "", places, facts),
        "lines": overview(person, applications(), facts),
    }
    return render(request, "access/access.html", context)


def question_of(request: HttpRequest, person: Person) -> tuple[Application | None, Found]:
    """What is asked; without a question, about the last profile while none of them serves."""
    asked = application_named(request.GET.get("application", ""))
    found = find_place(request.GET.get("etablissement", ""))
    if asked and asked.checks and not found.text and (site := only_site(person)):
        found = Found("", place_numbered(site.finess))
    if request.GET or any(profile.rights for profile in person.user.usable_profiles):
        return asked, found
    for profile in person.living[:1]:
        return application_for(profile), Found("", profile.establishment or profile.legal_entity)
    return asked, found


def only_site(person: Person) -> Establishment | None:
    """Where somebody of one establishment means, who did not say."""
    places = {profile.establishment for profile in person.living}
    return places.pop() if len(places) == 1 else None


def choices(asked: Application | None) -> list[Application]:
    """The list, and what was asked besides when no app declares it."""
    listed = list(applications())
    return listed if asked is None or asked in listed else [asked, *listed]


def diagnosis_of(
    person: Person, asked: Application | None, found: Found, facts: Facts
) -> Diagnosis | None:
    """None until one knows what is wanted, and where; the log keeps it under the page’s number."""
    if asked is None or found.is_doubtful:
        return None
    diagnosis = diagnose(Case(person, asked, found.place, facts))
    missing = ", ".join(one.key for one in diagnosis.unmet) or "nothing"
    log.info("access to %s: missing %s", asked.key, missing)
    return diagnosis
